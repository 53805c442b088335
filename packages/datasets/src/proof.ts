// An entry of its own: proving asks peers themselves, for which libp2p is loaded.
export { defaultSpread, dueShare, inProofOrder, isDue, type ProofSpread } from './proof/due.ts';
export { healProved, type ProvedHealOptions, type ProvedHealReport } from './proof/heal-proved.ts';
export { type ProofCounts, ProofRounds } from './proof/proof-rounds.ts';
export {
  ProofSession,
  type ProvableResult,
  type Repair,
  type SessionOptions,
} from './proof/proof-session.ts';
export {
  type ProofProgress,
  type ProverOptions,
  type TargetProofs,
  TargetProver,
} from './proof/target-prover.ts';
export { type PhaseGateway, type PhaseVerifierOptions, phaseVerifier } from './rollout/phase-verifier.ts';
