import { dirname, join, relative } from 'node:path';
import { hasErrors } from '@holdfast/manifest';
import { problem } from '@holdfast/manifest/internal';
import { bytes, commandPath, count, escapeText } from '@holdfast/manifest/text';
import { hashOptions } from '../content/hash-flags.ts';
import { type ForeignContent, foreignContent } from '../exchange/foreign-content.ts';
import { type ListKind, listKinds } from '../exchange/foreign-file.ts';
import { readForeignList } from '../exchange/foreign-list.ts';
import { readSizes } from '../exchange/read-sums.ts';
import { defineCommand } from '../frame/command.ts';
import { exitCode } from '../frame/exit-code.ts';
import { fromCwd, kindOfOperand } from '../frame/operand-file.ts';
import { draftFlags } from '../manifest/description-flags.ts';
import { describedManifest, manifestOf, refuseExisting, writeDraft } from '../manifest/draft-file.ts';
import { contentFor, inlineFilesOf, listFlags } from '../manifest/draft-list.ts';
import { describe, nameAndVersion } from '../manifest/draft-questions.ts';
import { emptyFile } from '../manifest/empty-content.ts';
import { workTreeAround } from '../repository/work-tree.ts';

export const importCommand = defineCommand({
  operands: 'LIST',
  arity: [1, 1],
  flags: {
    from: { type: 'string', choices: listKinds, about: 'what LIST is; default: what it seems to be' },
    folder: {
      type: 'string',
      value: 'DIR',
      about: 'where the files are whose CID does not follow from the list',
    },
    sizes: { type: 'string', value: 'FILE', about: 'sizes of the files: lines of SIZE PATH' },
    ...draftFlags,
    ...listFlags,
  },
  about:
    'Writes a manifest, unsigned, from SHA256SUMS, a bag (BagIt), a .dvc or .dir file of DVC, or a tree listing of the Hugging Face Hub. A file of at most 1 MiB with a SHA-256 and a size is not read: its CID follows from them. Any other file is read from --folder, the bag, or the cache of DVC. docs/exchange.md says which list needs what.',
  examples: [
    {
      about: 'a published list, with the sizes beside it',
      command:
        'holdfast import SHA256SUMS --sizes sizes.txt --name tides --version 1.0.0 --tier standard --description "Hourly tide gauges"',
    },
    {
      about: 'what DVC keeps',
      command: 'holdfast import data.dvc --name tides --version 1.0.0 --tier standard --description Tides',
    },
  ],
  resume: 'nothing was written; run the same command again',
  async run({ operands: [shown = ''], flags }, tools) {
    const list = await readForeignList(tools.cwd, shown, flags.from as ListKind | undefined);
    if (flags.folder !== undefined) await kindOfOperand(tools.cwd, flags.folder);
    if (flags.sizes !== undefined) await kindOfOperand(tools.cwd, flags.sizes);
    const sizes =
      flags.sizes === undefined ? undefined : await readSizes(fromCwd(tools.cwd, flags.sizes), flags.sizes);
    const root = fromCwd(tools.cwd, shown);
    const tree = await workTreeAround(tools.cwd);
    const shelf = flags.output
      ? dirname(fromCwd(tools.cwd, flags.output))
      : join(tree?.root ?? tools.cwd, 'manifests');
    const inlineFiles = inlineFilesOf(flags['inline-files']);
    const named = await nameAndVersion(flags, root, shelf, tools);
    const fields = await describe(flags, flags.folder ?? dirname(root), named.previous, tools);
    const path = flags.output ?? relative(tools.cwd, join(shelf, `${named.name}-v${named.version}.json`));
    await refuseExisting(path, flags.force, tools);
    const draft = { named, fields, repository: flags.repository ?? tree?.repository };
    const early = describedManifest(path, manifestOf(emptyFile, draft, tools));
    if (hasErrors(early.problems)) return { ...notWritten, ...early };
    const files = list.files.map((file) => ({ ...file, size: file.size ?? sizes?.get(file.path) }));
    const content = await foreignContent(
      { ...list, files },
      flags.folder && fromCwd(tools.cwd, flags.folder),
      hashOptions({ profile: undefined, symlinks: undefined, 'no-cache': true }, tools),
    );
    if (content.differences.length > 0) return { ...notWritten, problems: differing(content, shown) };
    const listed = await contentFor(path, content, inlineFiles, tools);
    const manifest = manifestOf(listed.content, draft, tools);
    const found = describedManifest(path, manifest);
    if (hasErrors(found.problems)) {
      await listed.list?.discard();
      return { ...notWritten, ...found };
    }
    await writeDraft(path, manifest, { force: flags.force, list: listed.list }, tools);
    const { name, version, cid, totalSize } = manifest.dataset;
    const { length } = content.files;
    return {
      ...found,
      exitCode: exitCode.ok,
      result: {
        file: path,
        from: list.kind,
        name,
        version,
        cid,
        files: length,
        fileList: listed.list?.path ?? null,
        totalSize,
        derived: content.derived,
      },
      quiet: path,
      text: (paint) =>
        [
          `${paint.green('wrote')} ${paint.bold(escapeText(path))}`,
          `  ${escapeText(name)} ${version}: ${count(length, 'file')}, ${bytes(totalSize)}`,
          `  ${cid}`,
          `  ${content.derived} of ${count(length, 'CID')} from the list, ${length - content.derived} from bytes`,
          `next: holdfast sign ${commandPath(path, 'FILE')}`,
        ].join('\n'),
    };
  },
});

const notWritten = {
  exitCode: exitCode.problems,
  result: { file: null },
  quiet: '',
  text: () => 'not written',
} as const;

const shownAtMost = 20;

function differing({ differences }: ForeignContent, shown: string) {
  const problems = differences.slice(0, shownAtMost).map(({ path, message }) =>
    problem(
      {
        code: 'proof/wrong-content',
        message: `${JSON.stringify(path)} ${message}`,
        hint: 'the folder has other content than the list; name the folder that the list was made from',
      },
      { file: shown },
    ),
  );
  const rest = differences.length - shownAtMost;
  if (rest <= 0) return problems;
  const message = `${count(rest, 'more difference')}`;
  return [...problems, problem({ code: 'proof/wrong-content', message }, { file: shown })];
}
