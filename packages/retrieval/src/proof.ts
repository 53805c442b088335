// An entry of its own, for Node: asking a peer loads libp2p.
export {
  type Bitswap,
  type BitswapOptions,
  createBitswap,
  type PeerAddress,
} from './node/bitswap/bitswap.ts';
export type { CopyProof, ProofVerdict } from './proof/copy-proof.ts';
export { answerOf, type CopyAnswer, type CopyRequest, type CopySource } from './proof/copy-source.ts';
export { type DrawSeed, drawPlaces, findChance } from './proof/draw.ts';
export { type GatewayCopyOptions, gatewayCopy } from './proof/gateway-copy.ts';
export { type ClaimedCopy, type ProofEvent, type ProveOptions, proveCopies } from './proof/prove-copies.ts';
export type { Share } from './proof/ranged-blocks.ts';
export { ReadBudget } from './proof/read-budget.ts';
