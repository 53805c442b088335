import type { Change, Problem } from '@holdfast/manifest';
import { commandPath } from '@holdfast/manifest/text';
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
  const { askGateways } = await import('./ask-gateways.ts');
  return askGateways(data, { gateways, signal: AbortSignal.timeout(askMs) });
}

/** With `retrievable: true` the content has to be there before the merge. */
export function lostProblems(
  { retrievable }: ValidateInputs,
  changes: readonly Change[],
  data: readonly DataChange[],
): Problem[] {
  if (retrievable !== 'true') return [];
  const lost = new Set(data.filter((one) => one.retrievable !== true).map(({ path }) => path));
  return changes.flatMap(({ path, after }) => {
    if (after === undefined || !lost.has(path)) return [];
    const { name, version } = after.manifest.dataset;
    const message = `the gateways could not serve ${name} ${version}`;
    const hint = `run: holdfast publish <folder> --manifest ${commandPath(path, '<manifest>')}`;
    return [
      {
        code: 'content/unavailable',
        severity: 'error',
        message,
        hint,
        file: path,
        path: '/dataset/cid',
        ...after.locate('/dataset/cid'),
      },
    ];
  });
}
