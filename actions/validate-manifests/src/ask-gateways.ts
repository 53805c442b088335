import { readBlock } from '@holdfast/content';
import { createGateways } from '@holdfast/retrieval';
import type { DataChange } from './data-change.ts';

export interface AskOptions {
  readonly gateways: readonly string[];
  readonly signal: AbortSignal;
}

const atOnce = 4;
const eachMs = 15_000;

/** Asks the gateways for the root block of each dataset: nobody has the root of what was never published. */
export async function askGateways(
  changes: readonly DataChange[],
  { gateways, signal }: AskOptions,
): Promise<DataChange[]> {
  const source = createGateways(
    gateways.map((url) => ({ kind: 'gateway', url })),
    { attempts: 1 },
  );
  const asked: DataChange[] = [];
  for (let from = 0; from < changes.length; from += atOnce) {
    const some = changes.slice(from, from + atOnce).map(async (change) => {
      if (signal.aborted) return change;
      const inTime = AbortSignal.any([signal, AbortSignal.timeout(eachMs)]);
      const retrievable = await readBlock(change.cid, source, { signal: inTime }).then(
        () => true,
        () => false,
      );
      // The end of the whole check says nothing about one dataset.
      return !retrievable && signal.aborted ? change : { ...change, retrievable };
    });
    asked.push(...(await Promise.all(some)));
  }
  return asked;
}
