import { canonicalize } from '../json/canonical.ts';
import type { Dataset } from '../manifest/manifest.ts';
import { compareVersions } from '../manifest/version.ts';
import type { ProblemDraft } from '../problem/problem-draft.ts';
import { commandPath, show } from '../text/display.ts';
import type { ReadManifest } from './change.ts';

/** A problem and the JSON pointer of what it is about. */
export interface ChangeDraft extends ProblemDraft {
  readonly at: string;
}

type FindDataset = (name: string, version: string) => ReadManifest | undefined;

/** Rules for a new manifest. `latest` is the latest version of its name at the head. */
export function additionProblems(dataset: Dataset, latest: string | undefined, now: Date): ChangeDraft[] {
  const drafts: ChangeDraft[] = [];
  if (dataset.revision !== 1) {
    const message = `a new version begins with revision 1, got ${dataset.revision}`;
    drafts.push({ code: 'change/first-revision', message, at: '/dataset/revision' });
  }
  if (latest !== undefined && compareVersions(dataset.version, latest) < 0) {
    const message = `${dataset.name} ${dataset.version} is below the latest version, ${show(latest)}`;
    drafts.push({ code: 'change/backport', message, at: '/dataset/version' });
  }
  return [...drafts, ...timeProblems(dataset, now)];
}

/** Rules for a change of a merged manifest. */
export function updateProblems(before: ReadManifest, after: ReadManifest, find: FindDataset): ChangeDraft[] {
  const [old, dataset] = [before.manifest.dataset, after.manifest.dataset];
  if (old.name !== dataset.name || old.version !== dataset.version) {
    const message = `the file was ${old.name} ${old.version} and is ${dataset.name} ${dataset.version} now`;
    return [{ code: 'change/identity-changed', message, at: '/dataset/version' }];
  }
  const drafts: ChangeDraft[] = [];
  const content = changedContent(old, dataset);
  if (content !== undefined) {
    const message = `${content} of ${old.name} ${old.version} changed; the content of a merged version stays`;
    drafts.push({ code: 'change/content-changed', message, at: `/dataset/${content}` });
  }
  if (before.digest !== after.digest && dataset.revision !== old.revision + 1) {
    const message = `expected revision ${old.revision + 1}, as the merged one has ${old.revision}, got ${dataset.revision}`;
    drafts.push({ code: 'change/wrong-revision', message, at: '/dataset/revision' });
  }
  if (old.withdrawn !== undefined && dataset.withdrawn === undefined) {
    const message = `${old.name} ${old.version} is withdrawn and cannot come back`;
    drafts.push({ code: 'change/revived', message, at: '/dataset' });
  }
  const samePrevious = canonicalize(old.previous ?? null) === canonicalize(dataset.previous ?? null);
  return samePrevious ? drafts : [...drafts, ...previousProblem(dataset, find)];
}

/** The path decides which rule applies. */
export function renameProblem(from: string, to: string): ChangeDraft {
  const move = `git mv ${commandPath(to, '<manifest>')} ${commandPath(from, '<the path before>')}`;
  return {
    code: 'change/renamed',
    message: `the manifest was ${show(from, 120)} before`,
    hint: `keep the path, which decides the rule it is under: ${move}`,
    at: '',
  };
}

/** A manifest cannot be replayed into another repository. */
export function repositoryProblem(dataset: Dataset, repository: string | undefined): ChangeDraft[] {
  if (dataset.repository === undefined || repository === undefined) return [];
  if (dataset.repository.toLowerCase() === repository.toLowerCase()) return [];
  const message = `the manifest is for ${show(dataset.repository)}, this is ${show(repository)}`;
  return [{ code: 'change/wrong-repository', message, at: '/dataset/repository' }];
}

/** `previous` names a manifest of the base branch by its digest. */
export function previousProblem(dataset: Dataset, find: FindDataset): ChangeDraft[] {
  const { previous } = dataset;
  if (previous === undefined) return [];
  const merged = find(dataset.name, previous.version);
  if (merged?.digest === previous.digest) return [];
  const is =
    merged === undefined ? 'there is no such version on the base branch' : `its digest is ${merged.digest}`;
  const message = `previous names ${dataset.name} ${previous.version} with the digest ${previous.digest}; ${is}`;
  return [{ code: 'change/wrong-previous', message, at: '/dataset/previous' }];
}

/** The first content field that differs. */
function changedContent(
  a: Dataset,
  b: Dataset,
): 'cid' | 'profile' | 'totalSize' | 'files' | 'fileList' | undefined {
  for (const field of ['cid', 'profile', 'totalSize'] as const) if (a[field] !== b[field]) return field;
  const isSame = canonicalize(a.files ?? a.fileList) === canonicalize(b.files ?? b.fileList);
  return isSame ? undefined : b.files === undefined ? 'fileList' : 'files';
}

function timeProblems(dataset: Dataset, now: Date): ChangeDraft[] {
  const drafts: ChangeDraft[] = [];
  const day = 24 * 60 * 60 * 1000;
  if (Date.parse(dataset.created) > now.getTime() + day) {
    drafts.push({
      code: 'change/created-in-future',
      message: `created is ${dataset.created}, later than now`,
      at: '/dataset/created',
    });
  }
  if (dataset.expires !== undefined && Date.parse(dataset.expires) <= now.getTime()) {
    drafts.push({
      code: 'change/already-expired',
      message: `expires is ${dataset.expires}, which has passed`,
      at: '/dataset/expires',
    });
  }
  return drafts;
}
