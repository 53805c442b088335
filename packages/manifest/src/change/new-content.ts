import type { Problem } from '../problem/problem.ts';
import { commandPath } from '../text/display.ts';
import type { Change, ReadManifest } from './change.ts';

/** True if the merge asks for content that it did not ask for before. */
export function bringsContent(change: Change): change is Change & { readonly after: ReadManifest } {
  const { kind, before, after } = change;
  if (after === undefined || kind === 'unchanged' || after.manifest.dataset.withdrawn) return false;
  return before?.manifest.dataset.cid !== after.manifest.dataset.cid;
}

/** Content that has to be there before the merge, and is not. */
export function unservedProblem(
  { path, after }: Change & { readonly after: ReadManifest },
  who: string,
): Problem {
  const { name, version } = after.manifest.dataset;
  return {
    code: 'content/unavailable',
    severity: 'error',
    message: `${who} could not serve ${name} ${version}`,
    hint: `run: ${publishCommand(path)}`,
    file: path,
    path: '/dataset/cid',
    ...after.locate('/dataset/cid'),
  };
}

/** What brings the content of a manifest to a node. */
export function publishCommand(path: string, folder = '<folder>'): string {
  return `holdfast publish ${folder} --manifest ${commandPath(path, '<manifest>')}`;
}
