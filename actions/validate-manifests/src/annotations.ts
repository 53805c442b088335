import { type Annotation, count } from '@holdfast/action-kit';
import type { Change, Problem } from '@holdfast/manifest';
import { fileListPath } from '@holdfast/manifest/files';
import { isFileListPath } from '@holdfast/manifest/internal';
import type { Report } from './report.ts';

/**
 * A remark for each problem. GitHub folds a long list of files away with every remark in it, so what is wrong with files stands
 * once for each kind, where the list begins.
 */
export function annotationsOf({ problems, changes }: Pick<Report, 'problems' | 'changes'>): Annotation[] {
  const byPath = new Map(
    changes.flatMap((change) => [
      [change.path, change],
      [fileListPath(change.path), change],
    ]),
  );
  const annotations: Annotation[] = [];
  const lists = new Map<string, Problem[]>();
  for (const found of problems) {
    if (!isInLongList(found, byPath.get(found.file ?? ''))) {
      annotations.push(annotationOf(found));
      continue;
    }
    const key = `${found.file}\n${found.code}\n${found.severity}`;
    const before = lists.get(key);
    if (before === undefined) lists.set(key, [found]);
    else before.push(found);
  }
  for (const [first, ...more] of lists.values()) {
    if (first === undefined) continue;
    const others = more.length === 0 ? '' : `, and ${count(more.length, 'more')} like it in the list`;
    const where = isFileListPath(first.file ?? '') ? `${first.file}, line` : 'line';
    const message = `${where} ${first.line}: ${first.message}${others}`;
    annotations.push(annotationOf({ ...first, ...listPlace(byPath.get(first.file ?? '')), message }));
  }
  return annotations;
}

const listPointer = '/dataset/files';
/** A shorter list is shown as a whole. */
const longList = 100;

function isInLongList({ file = '', path }: Problem, change: Change | undefined): boolean {
  if (isFileListPath(file)) return change !== undefined;
  const files = change?.after?.manifest.dataset.files?.length ?? 0;
  return files > longList && path.startsWith(`${listPointer}/`);
}

/** Where the list begins in the manifest, or is named there. */
function listPlace(change: Change | undefined) {
  if (change?.after === undefined) return {};
  const { fileList } = change.after.manifest.dataset;
  const pointer = fileList === undefined ? listPointer : '/dataset/fileList';
  return { file: change.path, ...change.after.locate(pointer) };
}

function annotationOf({ severity, file, line, column, code, message, hint }: Problem): Annotation {
  return {
    level: severity,
    title: code,
    message: hint === undefined ? message : `${message}\nFix: ${hint}`,
    ...(file !== undefined && { file, line, column }),
  };
}
