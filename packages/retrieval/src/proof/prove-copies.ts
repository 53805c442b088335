import { type Clock, Deadline, pooled, systemClock } from '@holdfast/http';
import { count } from '@holdfast/manifest/text';
import { BlockChecks } from './block-checks.ts';
import type { CopyProof, ProofVerdict } from './copy-proof.ts';
import type { CopySource } from './copy-source.ts';
import { drawPlaces, findChance } from './draw.ts';
import { checkDrawn } from './drawn-blocks.ts';
import { checkRange, type Share } from './ranged-blocks.ts';
import type { ReadBudget } from './read-budget.ts';

/** One place that is said to hold a CID. */
export interface ClaimedCopy {
  readonly peer: string;
  readonly name?: string | undefined;
  readonly region?: string | undefined;
  readonly source: CopySource;
}

export type ProofEvent =
  | { readonly type: 'proof-started'; readonly cid: string; readonly peer: string }
  | { readonly type: 'proof-ended'; readonly proof: CopyProof };

export interface ProveOptions {
  /** How many places to draw, or which part to read through. Default: 16. */
  readonly blocks?: number | 'all' | Share | undefined;
  /** What the draw comes from. It should be fresh: whoever knows it beforehand could keep only what will be asked. */
  readonly seed: string;
  /** For each copy. Default: 60 s for a draw, none for a part that is read through. */
  readonly deadlineMs?: number | undefined;
  readonly peersAtOnce?: number | undefined;
  readonly budget?: ReadBudget | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock | undefined;
  readonly onProgress?: ((event: ProofEvent) => void) | undefined;
}

/**
 * Whether each place that is said to hold a CID really has it: it is asked, it alone, for blocks drawn uniformly over the bytes,
 * and each is hashed. Proves what is there now; a place that fetches from another while it is asked passes.
 */
export async function proveCopies(
  cid: string,
  copies: readonly ClaimedCopy[],
  options: ProveOptions,
): Promise<CopyProof[]> {
  const proofs: CopyProof[] = [];
  await pooled(
    copies.map((copy, index) => ({ copy, index })),
    options.peersAtOnce ?? 4,
    async ({ copy, index }) => {
      options.onProgress?.({ type: 'proof-started', cid, peer: copy.peer });
      const proof = await proveCopy(cid, copy, options);
      proofs[index] = proof;
      options.onProgress?.({ type: 'proof-ended', proof });
    },
  );
  return proofs;
}

async function proveCopy(cid: string, copy: ClaimedCopy, options: ProveOptions): Promise<CopyProof> {
  const { blocks: wanted = 16, seed, clock = systemClock } = options;
  const { peer } = copy;
  const began = clock.now();
  const isDraw = typeof wanted === 'number';
  using deadline = new Deadline(clock, options.deadlineMs ?? (isDraw ? 60_000 : undefined), options.signal);
  const checks = new BlockChecks(copy.source, deadline.signal, options.budget);
  const share = isDraw ? undefined : wanted === 'all' ? { from: 0, to: 1 } : wanted;
  let lostDraws = 0;
  let fault: string | undefined;
  try {
    if (share !== undefined) await checkRange(cid, share, checks);
    else lostDraws = await checkDrawn(cid, drawn(wanted as number, { seed, cid, peer }), checks);
  } catch (error) {
    options.signal?.throwIfAborted();
    if (deadline.passed) fault = `had not answered for all blocks when its time was over`;
    else if (error instanceof Error && 'code' in error) fault = error.message;
    else throw error;
  }
  const { blocks, bytes, missing, damaged, lost } = checks;
  // What a place says it lacks is known, whatever happened after.
  const verdict: ProofVerdict = lost > 0 ? 'refuted' : fault !== undefined ? 'unreachable' : 'proved';
  const facts = {
    cid,
    peer,
    ...(copy.name !== undefined && { name: copy.name }),
    ...(copy.region !== undefined && { region: copy.region }),
    verdict,
    why: why(verdict, checks, fault),
    ...(share === undefined ? { draws: wanted as number, lostDraws } : { share }),
    blocks,
    bytes,
    missing,
    damaged,
    lost,
    ...(share === undefined && { findsLossOf5: findChance(wanted as number, 0.05) }),
    ...(checks.uneven && { uneven: true }),
    seed,
    at: new Date(began).toISOString(),
    ms: Math.round(clock.now() - began),
    longestMs: Math.round(checks.longestMs),
  };
  return facts;
}

function drawn(draws: number, seed: { seed: string; cid: string; peer: string }) {
  if (!Number.isSafeInteger(draws) || draws < 1)
    throw new RangeError(`blocks expected a whole number above 0, "all" or a share, got ${draws}`);
  return (total: number) => drawPlaces(seed, draws, total);
}

function why(verdict: ProofVerdict, checks: BlockChecks, fault: string | undefined): string {
  if (verdict === 'unreachable') return fault ?? '';
  if (verdict === 'proved') return `showed ${count(checks.blocks, 'block')}`;
  const parts = [
    ...(checks.missing.length > 0 ? [`lacks ${checks.missing[0]}`] : []),
    ...(checks.damaged.length > 0 ? [`gave other bytes for ${checks.damaged[0]}`] : []),
  ];
  const more = checks.lost - parts.length;
  return `${parts.join(', and ')}${more > 0 ? `, and ${more} more` : ''}`;
}
