import { type BlockSource, readBlock } from '@holdfast/content/read';

export interface ServedRootsOptions {
  readonly signal: AbortSignal;
  /** For one root. Default: 15 s. */
  readonly eachMs?: number | undefined;
}

const atOnce = 4;

/**
 * Asks a source for the root block of each dataset: nobody has the root of what was never published. A root is left out of
 * the answer if the time for all of them ran out before, which says nothing about it.
 *
 * @example
 * ```ts
 * const served = await servedRoots([cid], createGateways(sources), { signal: AbortSignal.timeout(60_000) });
 * served.get(cid); // => true
 * ```
 */
export async function servedRoots(
  cids: readonly string[],
  source: BlockSource,
  { signal, eachMs = 15_000 }: ServedRootsOptions,
): Promise<ReadonlyMap<string, boolean>> {
  const served = new Map<string, boolean>();
  const open = [...new Set(cids)];
  for (let from = 0; from < open.length; from += atOnce) {
    await Promise.all(
      open.slice(from, from + atOnce).map(async (cid) => {
        if (signal.aborted) return;
        const inTime = AbortSignal.any([signal, AbortSignal.timeout(eachMs)]);
        const found = await readBlock(cid, source, { signal: inTime }).then(
          () => true,
          () => false,
        );
        if (found || !signal.aborted) served.set(cid, found);
      }),
    );
  }
  return served;
}
