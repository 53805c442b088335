import { dirname, join, relative, sep } from 'node:path';
import { type FolderHash, hashFolder } from '@holdfast/content';
import { hasErrors, type Manifest } from '@holdfast/manifest';
import { countFiles } from '@holdfast/manifest/files';
import { publishCommand } from '@holdfast/manifest/internal';
import { bytes, commandPath, count, escapeText } from '@holdfast/manifest/text';
import { contentFlags, hashOptions } from '../content/hash-flags.ts';
import { askAboutHidden, hiddenFlags } from '../content/hidden-files.ts';
import { listing } from '../content/listing.ts';
import { defineCommand, type Report, type Tools } from '../frame/command.ts';
import { exitCode } from '../frame/exit-code.ts';
import { Misuse } from '../frame/misuse.ts';
import { exists, fromCwd, kindOfOperand } from '../frame/operand-file.ts';
import { draftFlags } from '../manifest/description-flags.ts';
import { describedManifest, manifestOf, refuseExisting, writeDraft } from '../manifest/draft-file.ts';
import { contentFor, inlineFilesOf, listFlags } from '../manifest/draft-list.ts';
import { describe, type Named, nameAndVersion } from '../manifest/draft-questions.ts';
import { emptyFile } from '../manifest/empty-content.ts';
import { refuseUnknownLicense } from '../manifest/known-license.ts';
import { filesAtHand } from '../manifest/listed-files.ts';
import { workTreeAround } from '../repository/work-tree.ts';

const flags = {
  ...draftFlags,
  ...listFlags,
  'dry-run': { type: 'boolean', about: 'list what would go in; hash and write nothing' },
  ...hiddenFlags,
  ...contentFlags,
} as const;

export const create = defineCommand({
  operands: 'FOLDER',
  arity: [1, 1],
  flags,
  about:
    'Hashes every file and writes the manifest, unsigned. A file that has not changed since it was last hashed is not read again (--no-cache reads it). A new version reuses title, tier, license and so on from the version before it. A file .holdfastignore in the folder, in the syntax of .gitignore, leaves files out. On a terminal, create asks for what is missing.',
  examples: [
    {
      about: 'a first version',
      command:
        'holdfast create ./data --name tides --version 1.0.0 --tier standard --description "Hourly tide gauges"',
    },
    { about: 'what would go in, and what would not', command: 'holdfast create ./data --dry-run' },
    {
      about: 'the next version: only what is new',
      command: 'holdfast create ./data --name tides --version 1.1.0',
    },
  ],
  resume: 'nothing was written; run the same command again',
  async run({ operands: [folder = ''], flags: given }, tools) {
    await kindOfOperand(tools.cwd, folder);
    const root = fromCwd(tools.cwd, folder);
    const tree = await workTreeAround(tools.cwd);
    if (root === tree?.root && !(await exists(join(root, '.holdfastignore')))) {
      throw new Misuse(
        `${escapeText(folder)} is the whole repository, with its manifests and keys`,
        'name the folder of the data, or list in .holdfastignore what to leave out',
      );
    }
    const shelf = given.output
      ? dirname(fromCwd(tools.cwd, given.output))
      : join(tree?.root ?? tools.cwd, 'manifests');
    if (given['dry-run']) return listing({ root, folder }, hashOptions(given, tools));
    const inlineFiles = inlineFilesOf(given['inline-files']);
    const named = await nameAndVersion(given, root, shelf, tools);
    await refuseUnknownLicense(given.license);
    const fields = await describe(given, root, named.previous, tools);
    const path = given.output ?? relative(tools.cwd, join(shelf, `${named.name}-v${named.version}.json`));
    if (
      fromCwd(tools.cwd, path).startsWith(`${root}${sep}`) &&
      !(await exists(join(root, '.holdfastignore')))
    ) {
      throw new Misuse(
        `${escapeText(path)} would be part of the dataset it describes, and change it`,
        'write it elsewhere with -o FILE, or leave it out of the dataset with .holdfastignore',
      );
    }
    await refuseExisting(path, given.force, tools);
    const repository = given.repository ?? tree?.repository;
    const draft = { named, fields, repository };
    const early = describedManifest(path, manifestOf(emptyFile, draft, tools));
    if (hasErrors(early.problems))
      return {
        ...report({ path, folder }, manifestOf(emptyFile, draft, tools), { skipped: [], reused: 0 }, false),
        ...early,
      };
    const hash = await hashFolder(root, {
      ...hashOptions(given, tools),
      onListed: askAboutHidden(
        {
          folder,
          include: given['include-hidden'],
          agreed: await pathsOf(named.previous, tools),
        },
        tools,
      ),
    });
    const { content, list } = await contentFor(path, hash, inlineFiles, tools);
    const manifest = manifestOf(content, draft, tools);
    const found = describedManifest(path, manifest);
    const ok = !hasErrors(found.problems);
    if (ok) await writeDraft(path, manifest, { force: given.force, list }, tools);
    else await list?.discard();
    return { ...report({ path, folder, list: list?.path }, manifest, hash, ok), ...found };
  },
});

/** What somebody agreed to in the version before. */
async function pathsOf(previous: Named['previous'], tools: Tools): Promise<ReadonlySet<string>> {
  if (previous === undefined) return new Set();
  const files = (await filesAtHand(tools.cwd, previous.path, previous.dataset)) ?? [];
  return new Set(files.map((file) => file.path));
}

interface Paths {
  readonly path: string;
  readonly folder: string;
  /** Of the list of files beside the manifest, if there is one. */
  readonly list?: string | undefined;
}

function report(
  { path, folder, list }: Paths,
  { dataset }: Manifest,
  { skipped, reused }: Pick<FolderHash, 'skipped' | 'reused'>,
  ok: boolean,
): Report {
  const { name, version, tier, cid, totalSize, license } = dataset;
  const files = countFiles(dataset);
  return {
    exitCode: ok ? exitCode.ok : exitCode.problems,
    result: {
      file: ok ? path : null,
      name,
      version,
      tier,
      cid,
      files,
      fileList: ok ? (list ?? null) : null,
      totalSize,
      license: license ?? null,
      skipped,
      reused,
    },
    quiet: ok ? path : '',
    text: (paint) =>
      ok
        ? [
            `${paint.green('wrote')} ${paint.bold(escapeText(path))}`,
            `  ${escapeText(name)} ${version}, ${tier}: ${count(files, 'file')}, ${bytes(totalSize)}`,
            `  ${cid}`,
            ...(list === undefined
              ? []
              : [`  the files are listed in ${escapeText(list)}: commit it as well`]),
            ...(reused > 0 ? [`  not read again: ${count(reused, 'unchanged file')}`] : []),
            ...(skipped.length > 0
              ? [
                  `  ignored: ${skipped.map(({ path, reason }) => `${escapeText(path)} (${reason})`).join(', ')}`,
                ]
              : []),
            `next: holdfast sign ${commandPath(path, 'FILE')}`,
            `      ${publishCommand(path, commandPath(folder, 'FOLDER'))}`,
          ].join('\n')
        : `${paint.red('not written')}: the manifest would not be valid`,
  };
}
