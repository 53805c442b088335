import type { Dataset } from '@holdfast/manifest';
import { compareFiles, type ListSummary, summarizeFiles } from '@holdfast/manifest/internal';
import { bytes, count, escapeText } from '@holdfast/manifest/text';
import { defineCommand } from '../frame/command.ts';
import { exitCode } from '../frame/exit-code.ts';
import type { Paint } from '../frame/paint.ts';
import { changedFields } from '../manifest/dataset-changes.ts';
import { filesOnDisk } from '../manifest/listed-files.ts';
import { readManifestFile, sourcesOf, titleOf } from '../manifest/manifest-file.ts';

const shownAtMost = 20;

export const diff = defineCommand({
  operands: 'FILE FILE',
  names: 'datasets',
  arity: [2, 2],
  flags: { all: { type: 'boolean', about: `list every file, not only the first ${shownAtMost}` } },
  about:
    'Compares the data of two manifests, the older one first: files added, removed, changed and moved, by folder and size. It reads no content and checks no signature.',
  examples: [
    { about: 'two versions of a dataset', command: 'holdfast diff tides@1.0.0 tides@1.1.0' },
    { about: 'for a script', command: 'holdfast diff tides@1.0.0 tides --json | jq .result.total' },
  ],
  async run({ operands, flags }, tools) {
    const [before, after] = await Promise.all(operands.map((path) => readManifestFile(tools.cwd, path)));
    const [old, young] = [before?.result, after?.result];
    if (!before || !after || !old?.ok || !young?.ok) {
      const problems = [old, young].flatMap((read) => (read?.ok === false ? read.problems : []));
      const read = [before, after].filter((file) => file !== undefined);
      return {
        exitCode: exitCode.problems,
        result: null,
        problems,
        sources: sourcesOf(read),
        text: () => 'nothing to compare',
      };
    }
    const [from, to] = [old.manifest.dataset, young.manifest.dataset];
    const most = flags.all ? Number.POSITIVE_INFINITY : shownAtMost;
    const sides = await Promise.all([
      filesOnDisk(tools.cwd, before.path, from),
      filesOnDisk(tools.cwd, after.path, to),
    ]);
    const summary = await summarizeFiles(compareFiles(...sides), { maxFiles: most });
    const fields = changedFields(from, to);
    const same = from.cid === to.cid && fields.length === 0;
    return {
      exitCode: exitCode.ok,
      result: { from: shapeOf(from), to: shapeOf(to), same, ...summary, fields },
      quiet: summary.files.map(({ kind, path }) => `${kind} ${escapeText(path)}`).join('\n'),
      text: (paint) =>
        [
          `${paint.bold(escapeText(titleOf(old.manifest)))} → ${paint.bold(escapeText(titleOf(young.manifest)))}`,
          ...totals(summary, paint),
          ...summary.folders.map((row) => `  ${folderLine(row)}`),
          ...summary.files.map((file) => `  ${fileLine(file, paint)}`),
          ...(summary.hidden > 0 ? [`  and ${count(summary.hidden, 'more file')}; --all shows them`] : []),
          ...(fields.length > 0 ? [`  description: ${fields.join(', ')}`] : []),
          ...(same ? ['  nothing differs'] : []),
        ].join('\n'),
    };
  },
});

function shapeOf({ name, version, cid, totalSize }: Dataset) {
  return { name, version, cid, totalSize };
}

const kinds = ['added', 'removed', 'changed', 'moved'] as const;

function totals({ total }: ListSummary, paint: Paint): string[] {
  const parts = kinds.flatMap((kind) =>
    total[kind].files === 0
      ? []
      : [`${count(total[kind].files, 'file')} ${kind} (${signed(kind, total[kind].bytes)})`],
  );
  return parts.length === 0 ? [] : [`  ${paint.cyan(parts.join(', '))}`];
}

function signed(kind: (typeof kinds)[number], size: number): string {
  return kind === 'changed' && size < 0 ? `-${bytes(-size)}` : bytes(size);
}

function folderLine(row: ListSummary['folders'][number]): string {
  const counts = kinds.flatMap((kind) => (row[kind].files === 0 ? [] : [`${row[kind].files} ${kind}`]));
  return `${escapeText(row.folder === '' ? '.' : row.folder)}/: ${counts.join(', ')}`;
}

function fileLine({ kind, path, size, from }: ListSummary['files'][number], paint: Paint): string {
  const shown = escapeText(path);
  if (kind === 'added') return paint.green(`+ ${shown}  ${bytes(size)}`);
  if (kind === 'removed') return paint.red(`- ${shown}  ${bytes(size)}`);
  if (kind === 'changed') return paint.yellow(`~ ${shown}  ${bytes(size)}`);
  return paint.cyan(`> ${escapeText(from ?? '')} → ${shown}`);
}
