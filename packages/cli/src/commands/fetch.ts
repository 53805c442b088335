import { access, constants } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type BlockSource, fetchVerified } from '@holdfast/content';
import { listFinder } from '@holdfast/content/internal';
import type { DatasetFile, Problem } from '@holdfast/manifest';
import type { DatasetFiles, FindList } from '@holdfast/manifest/files';
import { globMatcher } from '@holdfast/manifest/internal';
import { bytes, count, escapeText } from '@holdfast/manifest/text';
import type { LocalTarget } from '@holdfast/pinning';
import type { Gateways } from '@holdfast/retrieval';
import { cidOf } from '../content/cid-operand.ts';
import { localSource } from '../content/local-source.ts';
import { originLines } from '../content/origin-lines.ts';
import { gatewaysFor, sourceFlags } from '../content/source-flags.ts';
import { defineCommand, type Report, type Tools, type Values } from '../frame/command.ts';
import { exitCode } from '../frame/exit-code.ts';
import { holdingFile } from '../frame/file-lock.ts';
import { Misuse } from '../frame/misuse.ts';
import { fromCwd, kindOfOperand } from '../frame/operand-file.ts';
import { signersOf } from '../keys/signers-of.ts';
import { filesOnDisk } from '../manifest/listed-files.ts';
import { type ManifestFile, readManifestFile, sourcesOf } from '../manifest/manifest-file.ts';
import { openTarget } from '../pinning/open-target.ts';

export const fetch = defineCommand({
  operands: 'FILE|CID',
  names: 'datasets',
  arity: [1, 1],
  flags: {
    output: {
      type: 'string',
      short: 'o',
      value: 'DIR',
      about: 'output folder; default: NAME-VERSION, or the CID',
    },
    file: {
      type: 'string',
      value: 'PATTERN',
      multiple: true,
      about: 'only matching files, for example "1990*.csv"',
    },
    'public-keys': {
      type: 'string',
      value: 'DIR',
      about: 'folder of the keys and the policy; default: the nearest public-keys',
    },
    unsigned: { type: 'boolean', about: 'do not check signatures and trust' },
    withdrawn: { type: 'boolean', about: 'download a dataset that its signers have withdrawn' },
    ...sourceFlags,
    local: {
      type: 'string',
      value: 'FOLDER',
      multiple: true,
      about: 'read from a folder that publish or pin --local keeps copies in, and nowhere else',
    },
  },
  about:
    'Checks that the signers of the manifest may publish it, then hashes every block before it is used, so anyone may serve it. Keeps files that are already there and correct. A CID is its own proof and needs no signature.',
  examples: [
    { about: 'a dataset by its manifest', command: 'holdfast fetch manifests/tides-v1.0.0.json' },
    {
      about: 'some of its files, from your own gateway',
      command:
        'holdfast fetch manifests/tides-v1.0.0.json --file "1990*.csv" --gateway http://127.0.0.1:8080',
    },
    {
      about: 'anything by its CID',
      command: 'holdfast fetch bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi -o tides',
    },
  ],
  resume: 'complete files stay; run the same command again for the rest',
  async run({ operands: [named = ''], flags }, tools): Promise<Report> {
    const { source, report } = await placesOf(flags, tools);
    const wanted = await wantedBy(named, flags, listFinder(source, tools), tools);
    if ('report' in wanted) return wanted.report;
    const { cid, files, title, totalSize, signedBy } = wanted;
    const to = flags.output ?? title;
    const progress = (done: number) =>
      tools.progress({
        phase: 'fetching',
        done,
        unit: 'bytes',
        ...(totalSize !== undefined && { total: totalSize }),
      });
    const place = fromCwd(tools.cwd, to);
    const download = () =>
      fetchVerified(cid, source, {
        to: place,
        signal: tools.signal,
        ...(files && { files }),
        ...(totalSize !== undefined && { maxBytes: totalSize }),
        onProgress: ({ bytes }) => progress(bytes),
      });
    const result = await holdingFile(await lockedPlace(place), tools.signal, download, { waitMs: 0 });
    const origins = report();
    const present = result.files.filter((file) => file.status === 'present').length;
    return {
      exitCode: exitCode.ok,
      result: {
        cid,
        to,
        bytes: result.bytes,
        signedBy: signedBy ?? null,
        files: result.files,
        sources: origins.map(({ source, blocks, bytes, faults }) => ({ source, blocks, bytes, faults })),
      },
      quiet: to,
      text: (paint) =>
        `${paint.green('✓')} ${count(result.files.length, 'file')} in ${paint.bold(escapeText(to))}: ${bytes(result.bytes)} fetched and verified${present > 0 ? `, ${count(present, 'file')} already there` : ''}${vouched(wanted)}${originLines(origins)}`,
    };
  },
});

interface Chosen {
  readonly file: readonly string[];
  readonly unsigned: boolean;
  readonly withdrawn: boolean;
  readonly 'public-keys': string | undefined;
}

interface Wanted {
  readonly cid: string;
  /** The name of the folder. */
  readonly title: string;
  readonly files?: readonly { readonly path: string; readonly sha256: string }[];
  readonly totalSize?: number;
  /** Absent if signatures were not checked. */
  readonly signedBy?: readonly string[];
}

function vouched({ title, signedBy, files }: Wanted): string {
  if (signedBy !== undefined) return `\n  ${title}, signed by ${signedBy.map(escapeText).join(', ')}`;
  return files ? `\n  ${title} (signatures not checked)` : '';
}

async function wantedBy(
  given: string,
  flags: Chosen,
  find: FindList,
  tools: Tools,
): Promise<Wanted | { report: Report }> {
  const patterns = flags.file;
  const named = cidOf(given);
  if (named !== undefined) {
    if (patterns.length > 0)
      throw new Misuse(
        '--file needs a manifest: a CID has no list of files',
        'name the manifest, or leave --file out',
      );
    return { cid: named, title: named };
  }
  const file = await readManifestFile(tools.cwd, given);
  if (!file.result.ok) return { report: refusal(file, file.result.problems) };
  const { manifest } = file.result;
  const signers = flags.unsigned ? undefined : await signersOf(file, manifest, flags['public-keys'], tools);
  if (signers && 'problems' in signers) return { report: refusal(file, signers.problems) };
  const { name, version, cid, withdrawn } = manifest.dataset;
  if (withdrawn && !flags.withdrawn) {
    throw new Misuse(
      `${name} ${version} was withdrawn: ${escapeText(withdrawn.reason)}`,
      '--withdrawn downloads it nevertheless',
    );
  }
  const files = await filesOnDisk(tools.cwd, file.path, manifest.dataset, find);
  const chosen = await matching(files, patterns);
  const totalSize = chosen.reduce((sum, each) => sum + each.size, 0);
  return {
    cid,
    title: `${name}-${version}`,
    totalSize,
    files: chosen.map(({ path, sha256 }) => ({ path, sha256 })),
    ...(signers && { signedBy: signers.signedBy }),
  };
}

/** The folder's own name is held, beside it; inside it where nobody may write beside it. */
async function lockedPlace(place: string): Promise<string> {
  const mayWrite = (path: string) =>
    access(path, constants.W_OK).then(
      () => true,
      () => false,
    );
  const isInside = !(await mayWrite(dirname(place))) && (await mayWrite(place));
  return isInside ? join(place, 'holdfast-fetch') : place;
}

interface Places {
  readonly source: BlockSource;
  report(): ReturnType<Gateways['report']>;
}

async function placesOf(
  { local, ...flags }: Values<typeof sourceFlags> & { readonly local: readonly string[] },
  tools: Tools,
): Promise<Places> {
  const named = [...flags.gateway, ...flags['kubo-url']];
  // It may take a minute to find the first bytes.
  tools.waitingFor([...local, ...named].join(', ') || 'the gateways');
  if (local.length === 0) {
    const gateways = await gatewaysFor(flags, tools);
    return { source: gateways, report: () => gateways.report() };
  }
  if (named.length > 0)
    throw new Misuse('--local reads from folders alone', 'leave --gateway and --kubo-url out, or --local');
  for (const folder of local) await kindOfOperand(tools.cwd, folder);
  const target = await openTarget({ kind: 'local', places: local }, tools);
  return { source: localSource(target as LocalTarget), report: () => [] };
}

/** Nothing was downloaded. */
function refusal(file: ManifestFile, problems: readonly Problem[]): Report {
  return {
    exitCode: exitCode.problems,
    result: null,
    problems,
    sources: sourcesOf([file]),
    text: () => 'nothing was downloaded',
  };
}

/** The files that match one of the patterns; without any, all. */
async function matching(files: DatasetFiles, patterns: readonly string[]): Promise<readonly DatasetFile[]> {
  const matches = patterns.length > 0 ? globMatcher(patterns) : () => true;
  const chosen: DatasetFile[] = [];
  const first: string[] = [];
  for await (const file of files) {
    if (first.length < 5) first.push(escapeText(file.path));
    if (matches(file.path)) chosen.push(file);
  }
  if (chosen.length > 0) return chosen;
  throw new Misuse(
    `no file matches ${patterns.map(escapeText).join(' or ')}`,
    `the manifest lists ${first.join(', ')}${files.count > 5 ? ' and more' : ''}`,
  );
}
