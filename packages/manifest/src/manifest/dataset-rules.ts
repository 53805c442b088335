import type { PlacedDraft } from '../json/schema-drafts.ts';
import { memberOf, valueAt } from '../json/schema-drafts.ts';
import { show } from '../text/display.ts';
import { comparePaths, foldPath } from './file-path.ts';

// Rules between fields. The value may have any shape: a wrong type is reported elsewhere, and skipped here.

export function datasetRules(value: unknown): PlacedDraft[] {
  const files = valueAt(value, ['dataset', 'files']);
  const entries = Array.isArray(files) ? (files as readonly unknown[]) : [];
  return [
    ...listingProblems(value),
    ...fileOrderProblems(entries),
    ...totalSizeProblems(value, entries),
    ...expiryProblems(value),
    ...signatureProblems(value, 'manifest'),
    ...adviceProblems(value),
  ];
}

/** The files are in the manifest or in a list beside it, not in both. */
function listingProblems(value: unknown): PlacedDraft[] {
  const dataset = valueAt(value, ['dataset']);
  if (typeof dataset !== 'object' || dataset === null || Array.isArray(dataset)) return [];
  const [files, fileList] = [memberOf(dataset, 'files'), memberOf(dataset, 'fileList')];
  if (files === undefined && fileList === undefined)
    return [
      {
        code: 'manifest/missing-field',
        message: 'dataset.files is missing',
        hint: 'add "files" (Every file of the dataset, sorted by path), or "fileList" where they are listed beside the manifest',
        path: ['dataset', 'files'],
      },
    ];
  if (files === undefined || fileList === undefined) return [];
  const message = 'expected "files" or "fileList", got both';
  return [{ code: 'manifest/two-lists', message, path: ['dataset', 'fileList'] }];
}

function fileOrderProblems(files: readonly unknown[]): PlacedDraft[] {
  const drafts: PlacedDraft[] = [];
  const seen = new Map<string, number>();
  const folders = new Set<string>();
  let previous: string | undefined;
  let unsorted = false;
  for (let index = 0; index < files.length; index++) {
    const path = memberOf(files[index], 'path');
    if (typeof path !== 'string') continue;
    const folded = foldPath(path);
    const earlier = seen.get(folded);
    if (earlier !== undefined) {
      const other = show(memberOf(files[earlier], 'path'), 80);
      drafts.push({
        code: 'manifest/duplicate-path',
        message: `${show(path, 80)} and ${other} of files[${earlier}] are one path where case is ignored`,
        path: ['dataset', 'files', index, 'path'],
      });
    } else seen.set(folded, index);
    addFolders(folders, folded);
    if (!unsorted && previous !== undefined && comparePaths(path, previous) < 0) {
      unsorted = true;
      drafts.push({
        code: 'manifest/unsorted-files',
        message: `${show(path, 80)} comes after ${show(previous, 80)}; expected files sorted by path`,
        path: ['dataset', 'files', index, 'path'],
      });
    }
    previous = path;
  }
  for (const [folded, index] of seen) {
    if (!folders.has(folded)) continue;
    const path = show(memberOf(files[index], 'path'), 80);
    drafts.push({
      code: 'manifest/path-conflict',
      message: `${path} is a file and also a folder of other files`,
      path: ['dataset', 'files', index, 'path'],
    });
  }
  return drafts;
}

function addFolders(folders: Set<string>, path: string): void {
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
    const folder = path.slice(0, end);
    if (folders.has(folder)) return;
    folders.add(folder);
  }
}

function totalSizeProblems(value: unknown, files: readonly unknown[]): PlacedDraft[] {
  const total = valueAt(value, ['dataset', 'totalSize']);
  let sum = 0;
  for (const file of files) {
    const size = memberOf(file, 'size');
    if (typeof size !== 'number' || !Number.isSafeInteger(size)) return [];
    sum += size;
    if (!Number.isSafeInteger(sum)) break;
  }
  if (typeof total !== 'number' || total === sum || files.length === 0) return [];
  const expected = Number.isSafeInteger(sum)
    ? `expected ${sum}, the sum of the sizes`
    : 'the sum of the sizes is not a safe integer';
  return [
    {
      code: 'manifest/wrong-total-size',
      message: `${expected}, got ${total}`,
      path: ['dataset', 'totalSize'],
    },
  ];
}

function expiryProblems(value: unknown): PlacedDraft[] {
  const [created, expires] = [valueAt(value, ['dataset', 'created']), valueAt(value, ['dataset', 'expires'])];
  if (typeof created !== 'string' || typeof expires !== 'string') return [];
  if (!(Date.parse(expires) <= Date.parse(created))) return [];
  const message = `expires (${show(expires)}) is not after created (${show(created)})`;
  return [{ code: 'manifest/expires-before-created', message, path: ['dataset', 'expires'] }];
}

export function signatureProblems(value: unknown, area: 'manifest' | 'policy'): PlacedDraft[] {
  const signatures = valueAt(value, ['signatures']);
  if (!Array.isArray(signatures)) return [];
  const seen = new Set<unknown>();
  return signatures.flatMap((signature, index): PlacedDraft[] => {
    const keyid = valueAt(signature, ['keyid']);
    if (typeof keyid !== 'string') return [];
    if (seen.has(keyid))
      return [
        {
          code: `${area}/duplicate-signature`,
          message: `the key ${show(keyid)} has another signature before this one`,
          path: ['signatures', index, 'keyid'],
        },
      ];
    seen.add(keyid);
    return [];
  });
}

function adviceProblems(value: unknown): PlacedDraft[] {
  const dataset = valueAt(value, ['dataset']);
  if (typeof dataset !== 'object' || dataset === null) return [];
  const drafts: PlacedDraft[] = [];
  if (!Object.hasOwn(dataset, 'license')) {
    drafts.push({
      code: 'manifest/missing-license',
      message: 'the dataset names no license',
      path: ['dataset'],
    });
  }
  if (valueAt(dataset, ['profile']) === 'custom') {
    const message = 'profile is custom: that the files make the root is not proved';
    drafts.push({ code: 'manifest/custom-profile', message, path: ['dataset', 'profile'] });
  }
  return drafts;
}
