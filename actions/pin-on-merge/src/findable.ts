import { type DatasetResult, type FindVerdict, findable, findableText } from '@holdfast/datasets';
import { pooled } from '@holdfast/http';

/** How far a dataset that has copies can be found by readers. */
export interface FoundDataset {
  readonly id: string;
  readonly verdict: FindVerdict;
  /** `pinned on 3, findable on 2`. */
  readonly text: string;
}

/** A search in the DHT takes seconds; more of them would be a load on the routers. */
const atOnce = 4;
const most = 100;
const deadlineMs = 10_000;

/** Asks the routers who has each dataset. What cannot be asked is not known; it never makes a run fail. */
export async function findDatasets(
  results: readonly DatasetResult[],
  routers: readonly string[],
  signal: AbortSignal,
): Promise<readonly FoundDataset[]> {
  const held = results.filter(
    ({ copies = 0, cid, id }) => copies > 0 && cid !== undefined && id !== undefined,
  );
  const places = routers.map((url) => ({ url }));
  const found: FoundDataset[] = [];
  const { findProviders } = await import('./reading.ts');
  await pooled(held.slice(0, most), atOnce, async ({ id = '', cid = '', peers = [], wanted }) => {
    if (signal.aborted) return;
    const seen = await findProviders(cid, places, { signal, deadlineMs }).catch(() => undefined);
    if (seen === undefined) return;
    const how = findable(peers, wanted ?? { min: 1 }, seen);
    found.push({ id, verdict: how.verdict, text: findableText(how) });
  });
  return found.sort((a, b) => (a.id < b.id ? -1 : 1));
}
