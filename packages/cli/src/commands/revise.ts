import { dirname } from 'node:path';
import { type Dataset, formatManifest, hasErrors, type Manifest } from '@holdfast/manifest';
import { inReadingOrder, publishCommand } from '@holdfast/manifest/internal';
import { commandPath, escapeText } from '@holdfast/manifest/text';
import { defineCommand, type Report, type Tools, type Values } from '../frame/command.ts';
import { exitCode } from '../frame/exit-code.ts';
import { holdingFile } from '../frame/file-lock.ts';
import { Misuse } from '../frame/misuse.ts';
import { fromCwd, kindOfOperand } from '../frame/operand-file.ts';
import { manifestPath } from '../manifest/dataset-name.ts';
import { describedBy, descriptionFlags } from '../manifest/description-flags.ts';
import { refuseUnknownLicense } from '../manifest/known-license.ts';
import { readManifestFile, sourcesOf, titleOf, writeDocument } from '../manifest/manifest-file.ts';
import { manifestProblems } from '../manifest/manifest-problems.ts';
import { workTreeAround } from '../repository/work-tree.ts';

const flags = {
  ...descriptionFlags,
  withdraw: {
    type: 'string',
    value: 'REASON',
    about: 'withdraw the dataset: the manifest becomes a signed tombstone',
  },
} as const;

export const revise = defineCommand({
  operands: 'FILE',
  names: 'datasets',
  arity: [1, 1],
  flags,
  about:
    'Writes the revision after the merged one to the same file, however often you run it. Everything but the content can change. It removes the signatures, which were for the old text: sign it again.',
  examples: [
    { about: 'more copies', command: 'holdfast revise manifests/tides-v1.0.0.json --tier critical' },
    {
      about: 'withdraw it',
      command: 'holdfast revise manifests/tides-v1.0.0.json --withdraw "contains personal data"',
    },
  ],
  async run({ operands: [named = ''], flags }, tools) {
    const path = await manifestPath(tools.cwd, named);
    await kindOfOperand(tools.cwd, path);
    return holdingFile(fromCwd(tools.cwd, path), tools.signal, () => reviseFile(path, flags, tools));
  },
});

async function reviseFile(path: string, given: Values<typeof flags>, tools: Tools): Promise<Report> {
  const file = await readManifestFile(tools.cwd, path);
  if (!file.result.ok) {
    const { problems } = file.result;
    return {
      exitCode: exitCode.problems,
      result: null,
      problems,
      sources: sourcesOf([file]),
      text: () => 'not changed',
    };
  }
  await refuseUnknownLicense(given.license);
  const { manifest } = file.result;
  const changes = {
    ...describedBy(given),
    ...(given.withdraw !== undefined && { withdrawn: { reason: given.withdraw } }),
  };
  const named = Object.keys(changes) as (keyof typeof changes)[];
  const changed = named.filter(
    (name) => JSON.stringify(changes[name]) !== JSON.stringify(manifest.dataset[name]),
  );
  if (changed.length === 0) {
    throw new Misuse(
      named.length === 0
        ? 'nothing to change'
        : `nothing changes: ${named.join(', ')} ${named.length === 1 ? 'is' : 'are'} so already in ${escapeText(path)}`,
      'add what is new, for example --tier critical; new content needs a new version: holdfast create',
    );
  }
  const revision = (await revisionBefore(manifest.dataset, fromCwd(tools.cwd, path))) + 1;
  const dataset = inReadingOrder({ ...manifest.dataset, ...changes, revision } as Dataset);
  // What was never merged may not be on any node.
  const isDraft = dataset.revision === 1 && dataset.withdrawn === undefined;
  const next: Manifest = { ...manifest, dataset, signatures: [] };
  const text = formatManifest(next);
  const problems = manifestProblems(path, text);
  const ok = !hasErrors(problems);
  if (ok) await writeDocument(tools.cwd, path, next);
  return {
    exitCode: ok ? exitCode.ok : exitCode.problems,
    result: { file: path, revision: dataset.revision, changed, written: ok },
    problems,
    sources: new Map([[path, text]]),
    quiet: path,
    text: (paint) =>
      ok
        ? `${paint.green('wrote')} ${paint.bold(escapeText(titleOf(next)))} revision ${dataset.revision}: ${changed.join(', ')}\nnext: holdfast sign ${commandPath(path, 'FILE')}${isDraft ? `\n      ${publishCommand(path, 'FOLDER')}` : ''}`
        : `${paint.red('not changed')}: the manifest would not be valid`,
  };
}

/** The merged revision counts, not the draft's. Outside a repository there is only the file. */
async function revisionBefore(dataset: Dataset, place: string): Promise<number> {
  const folder = dirname(place);
  if (!(await workTreeAround(folder))) return dataset.revision;
  const { mergedRevision } = await import('../repository/merged-revision.ts');
  return mergedRevision(dataset, folder);
}
