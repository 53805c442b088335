import type { Change, Problem } from '@holdfast/manifest';
import { bringsContent, unservedProblem } from '@holdfast/manifest/internal';
import type { DataChange } from './data-change.ts';
import type { ValidateInputs } from './inputs.ts';

const askMs = 60_000;

/** Whether gateways have the content. `verify-content` fetches everything anyway. */
export async function withRetrieval(
  { retrievable, gateways, ...inputs }: ValidateInputs,
  data: readonly DataChange[],
): Promise<readonly DataChange[]> {
  const unasked = retrievable === 'false' || gateways.length === 0 || inputs['verify-content'];
  if (unasked || data.length === 0) return data;
  const { createGateways, servedRoots } = await import('./reading.ts');
  const sources = gateways.map((url) => ({ kind: 'gateway', url }) as const);
  const cids = data.map(({ cid }) => cid);
  const signal = AbortSignal.timeout(askMs);
  const served = await servedRoots(cids, createGateways(sources, { attempts: 1 }), { signal });
  return data.map((change) => {
    const answer = served.get(change.cid);
    return answer === undefined ? change : { ...change, retrievable: answer };
  });
}

/** With `retrievable: true` the content has to be there before the merge. */
export function lostProblems(
  { retrievable }: ValidateInputs,
  changes: readonly Change[],
  data: readonly DataChange[],
): Problem[] {
  if (retrievable !== 'true') return [];
  const lost = new Set(data.filter((one) => one.retrievable !== true).map(({ path }) => path));
  return changes
    .filter(bringsContent)
    .filter(({ path }) => lost.has(path))
    .map((change) => unservedProblem(change, 'the gateways'));
}
