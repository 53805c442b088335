import { dirname, relative, resolve, sep } from 'node:path';
import { listFinder } from '@holdfast/content/internal';
import { createRootBuilder, rootFromFiles } from '@holdfast/content/root';
import {
  type Dataset,
  evaluateTrust,
  hasErrors,
  type Problem,
  proveFiles,
  type Trust,
} from '@holdfast/manifest';
import { countFiles, proveList } from '@holdfast/manifest/files';
import { defaultListLimits } from '@holdfast/manifest/internal';
import { bytes, count, escapeText } from '@holdfast/manifest/text';
import type { ContentPlaces, ContentVerdict } from '../content/check-content.ts';
import { contentFlags } from '../content/hash-flags.ts';
import { inBatches } from '../frame/batch.ts';
import { defineCommand, type Tools } from '../frame/command.ts';
import { exitCode } from '../frame/exit-code.ts';
import type { Paint } from '../frame/paint.ts';
import { isWebAddress } from '../frame/web-address.ts';
import { type LoadedTrust, noTrust, trustFrom } from '../keys/trust-folder.ts';
import { listBeside } from '../manifest/listed-files.ts';
import { type ManifestFile, readManifestFile, sourcesOf, titleOf } from '../manifest/manifest-file.ts';

export const verify = defineCommand({
  operands: 'FILE…',
  names: 'datasets',
  arity: [1, 10_000],
  flags: {
    'public-keys': {
      type: 'string',
      value: 'DIR',
      about: 'folder of the keys and the policy; default: the nearest public-keys',
    },
    unsigned: { type: 'boolean', about: 'do not check signatures and trust' },
    content: {
      type: 'string',
      value: 'PLACE',
      multiple: true,
      about: 'hash all content again, from a folder or the address of a gateway',
    },
    symlinks: contentFlags.symlinks,
  },
  about:
    'Reads each manifest strictly, computes its root from its list of files, and checks that its signers may publish it.',
  examples: [
    { about: 'one manifest', command: 'holdfast verify manifests/tides-v1.0.0.json' },
    {
      about: 'also that a folder holds exactly the files it lists',
      command: 'holdfast verify manifests/tides-v1.0.0.json --content ./data',
    },
    {
      about: 'also that a gateway serves them',
      command: 'holdfast verify manifests/tides-v1.0.0.json --content http://127.0.0.1:8080',
    },
  ],
  async run({ operands, flags }, tools) {
    const files = await inBatches(operands, (path) => readManifestFile(tools.cwd, path));
    const trust = flags.unsigned ? undefined : await trustFor(files, flags['public-keys'], tools);
    const where = { places: flags.content, symlinks: flags.symlinks as ContentPlaces['symlinks'] };
    const verdicts: Verdict[] = [];
    for (const file of files) verdicts.push(await judge(file, trust, where, tools));
    const problems = [...(trust?.problems ?? []), ...verdicts.flatMap((verdict) => verdict.problems)];
    return {
      exitCode: hasErrors(problems) ? exitCode.problems : exitCode.ok,
      result: { manifests: verdicts.map(shapeOf) },
      problems,
      sources: sourcesOf(files),
      text: (paint) => verdicts.map((verdict) => textOf(verdict, paint)).join('\n'),
    };
  },
});

interface Verdict {
  readonly file: ManifestFile;
  /** Of the manifest itself, whatever its content is. */
  readonly ok: boolean;
  readonly problems: readonly Problem[];
  /** Absent if signatures were not checked. */
  readonly trust?: { readonly signedBy: readonly string[]; readonly explanation: string };
  /** Absent if content was not checked. */
  readonly content?: ContentVerdict;
}

/** A missing folder of keys is a problem, not a crash. */
async function trustFor(
  files: readonly ManifestFile[],
  named: string | undefined,
  tools: Tools,
): Promise<LoadedTrust> {
  const near = files[0] ? dirname(resolve(tools.cwd, files[0].path)) : tools.cwd;
  return (await trustFrom(tools.cwd, named, near)) ?? noTrust(tools.cwd);
}

async function judge(
  file: ManifestFile,
  loaded: LoadedTrust | undefined,
  where: ContentPlaces,
  tools: Tools,
): Promise<Verdict> {
  const { path, result } = file;
  if (!result.ok) return { file, ok: false, problems: result.problems };
  const { manifest } = result;
  const inRepository = loaded && relative(loaded.root, resolve(tools.cwd, path)).split(sep).join('/');
  const trust =
    loaded && evaluateTrust({ path: inRepository ?? path, manifest }, loaded.trust, tools.clock());
  const problems = [
    ...result.problems,
    ...(await proofOf(file, manifest.dataset, loaded?.trust, where, tools)),
    ...(trust?.problems ?? []).map((problem) => ({ ...problem, file: path })),
  ];
  if (where.places.length === 0 || hasErrors(problems)) return verdictOf(file, problems, trust);
  const { checkContent } = await import('../content/check-content.ts');
  const content = await checkContent(file, manifest.dataset, where, tools);
  return verdictOf(file, problems, trust, content);
}

/** From the files in the manifest, or from the list beside it; `--content` names gateways that may have the list. */
async function proofOf(
  { path }: ManifestFile,
  dataset: Dataset,
  trust: Trust | undefined,
  { places }: ContentPlaces,
  tools: Tools,
): Promise<readonly Problem[]> {
  if (dataset.files !== undefined) return proveFiles(dataset, rootFromFiles);
  const gateways = places.filter(isWebAddress);
  const { gatewaysOf, gateway } = await import('../content/source-flags.ts');
  const find =
    gateways.length === 0
      ? undefined
      : listFinder(gatewaysOf(gateways.map((url) => gateway('--content', url))), tools);
  const source = (await listBeside(tools.cwd, path)) ?? (await find?.(dataset.fileList));
  return proveList(dataset, {
    path,
    source,
    limits: trust?.listLimits ?? defaultListLimits,
    createRootBuilder,
  });
}

function verdictOf(
  file: ManifestFile,
  problems: readonly Problem[],
  trust?: Verdict['trust'],
  content?: ContentVerdict,
): Verdict {
  return {
    file,
    ok: !hasErrors(problems),
    problems: content ? [...problems, ...content.problems] : problems,
    ...(trust && { trust }),
    ...(content && { content }),
  };
}

function shapeOf({ file, ok, trust, content }: Verdict) {
  const read = file.result.ok ? file.result : undefined;
  return {
    file: file.path,
    ok,
    name: read?.manifest.dataset.name ?? null,
    version: read?.manifest.dataset.version ?? null,
    digest: read?.digest ?? null,
    cid: read?.manifest.dataset.cid ?? null,
    signedBy: trust?.signedBy ?? null,
    trust: trust?.explanation ?? null,
    content: content?.said ?? null,
    contentOk: content?.ok ?? null,
  };
}

function textOf({ file, ok, trust, content }: Verdict, paint: Paint): string {
  if (!file.result.ok) return `${paint.red('✗')} ${escapeText(file.path)} is not a manifest`;
  const { manifest, digest } = file.result;
  const title = escapeText(titleOf(manifest));
  if (!ok) return `${paint.red('✗')} ${title} is not valid`;
  const by = trust ? `: signed by ${trust.signedBy.map(escapeText).join(', ')}` : ' (signatures not checked)';
  const { tier, totalSize } = manifest.dataset;
  return [
    `${paint.green('✓')} ${title} is valid${by}`,
    ...(content?.ok === false ? [`${paint.red('✗')} ${escapeText(content.said)}`] : []),
    `  ${tier}, ${count(countFiles(manifest.dataset), 'file')}, ${bytes(totalSize)}${content?.ok ? `; ${content.said}` : ''}`,
    `  digest ${digest}`,
  ].join('\n');
}
