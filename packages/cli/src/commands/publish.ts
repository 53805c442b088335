import { basename, dirname, resolve } from 'node:path';
import { type FolderCar, openCar } from '@holdfast/content';
import { datasetId, listPinId } from '@holdfast/datasets';
import type { Dataset } from '@holdfast/manifest';
import { fileListPath } from '@holdfast/manifest/files';
import { bytes, commandPath, count, escapeText } from '@holdfast/manifest/text';
import { contentFlags, hashOptions } from '../content/hash-flags.ts';
import { askAboutHidden, hiddenFlags } from '../content/hidden-files.ts';
import { type Uploaded, upload, type Version } from '../content/upload.ts';
import { defineCommand, type Tools } from '../frame/command.ts';
import { exitCode } from '../frame/exit-code.ts';
import { Misuse } from '../frame/misuse.ts';
import { fromCwd, kindOfOperand } from '../frame/operand-file.ts';
import { filesAtHand, listBeside } from '../manifest/listed-files.ts';
import { manifestsIn, readValidManifest } from '../manifest/manifest-file.ts';
import { chooseTarget, targetFlags } from '../pinning/target-flags.ts';
import type { ChosenTarget } from '../pinning/target-kind.ts';

export const publish = defineCommand({
  operands: 'FOLDER',
  arity: [1, 1],
  flags: {
    manifest: {
      type: 'string',
      value: 'FILE',
      names: 'datasets',
      about: 'send only what this manifest describes, and refuse anything else',
    },
    keep: {
      type: 'boolean',
      about: 'also pin it on the Kubo node, so that garbage collection keeps it',
    },
    ...targetFlags,
    ...hiddenFlags,
    ...contentFlags,
  },
  about:
    'The node or cluster stores the content without a pin. What it has already is not sent again, so an upload that broke goes on where it ended, and a new version sends what changed. The merge, or holdfast pin, then pins it: the peers copy from there.',
  examples: [
    {
      about: 'to the node on this machine',
      command:
        'holdfast publish ./data --manifest manifests/tides-v1.0.0.json --kubo-url http://127.0.0.1:5001',
    },
    {
      about: 'to the cluster',
      command:
        'CLUSTER_URL=https://cluster.example.org:9094 holdfast publish ./data --manifest manifests/tides-v1.0.0.json',
    },
  ],
  resume: 'what arrived stays; run the same command again, and it sends the rest',
  async run({ operands: [folder = ''], flags }, tools) {
    const chosen = await chooseTarget(flags, tools);
    await kindOfOperand(tools.cwd, folder);
    const expected = flags.manifest === undefined ? undefined : await expectedBy(flags.manifest, tools);
    const options = hashOptions({ ...flags, profile: flags.profile ?? expected?.profile }, tools);
    // A manifest says what goes: anything else has another CID.
    const include = flags['include-hidden'] || expected !== undefined;
    const onListed = askAboutHidden({ folder, include }, tools);
    const car = await openCar(fromCwd(tools.cwd, folder), { ...options, onListed });
    if (expected && expected.cid !== car.cid) {
      throw new Misuse(
        `${escapeText(folder)} does not match ${escapeText(flags.manifest ?? '')}: expected ${expected.cid}, got ${car.cid}`,
        `holdfast verify ${commandPath(flags.manifest ?? '', 'FILE')} --unsigned --content ${commandPath(folder, 'FOLDER')} lists the differences`,
      );
    }
    const versions = expected ? await versionsOf(expected, tools) : [];
    // The list first: who finds the content can then read what it should be.
    const list = expected && (await openList(expected, tools));
    const keep = flags.keep
      ? expected
        ? datasetId(expected.dataset)
        : basename(resolve(tools.cwd, folder))
      : undefined;
    if (list !== undefined)
      await upload(chosen, { car: list, keep: keep && listPinId(keep), versions: [] }, tools);
    const { target, ...sent } = await upload(chosen, { car, keep, versions }, tools);
    const { cid, blockCount: blocks, byteLength } = car;
    return {
      exitCode: exitCode.ok,
      result: { cid, target, blocks, bytes: byteLength, sent, fileList: list?.cid ?? null },
      quiet: cid,
      text: (paint) =>
        `${paint.green('✓')} ${bytes(byteLength)} at ${escapeText(target)}${sentText(sent, chosen, car)}\n  ${cid}${list === undefined ? '' : `\n  its file list: ${list.cid}`}`,
    };
  },
});

/** What was there already, where something was. */
function sentText(
  sent: Pick<Uploaded, 'blocks' | 'bytes'>,
  { places, kind }: ChosenTarget,
  car: FolderCar,
): string {
  const all = car.blockCount * (kind === 'kubo' ? places.length : 1);
  if (sent.blocks === all) return '';
  if (sent.blocks === 0) return '; all of it was there already';
  return `; ${count(all - sent.blocks, 'block')} of ${all} were there already, ${bytes(sent.bytes)} sent`;
}

interface Expected {
  readonly cid: string;
  readonly profile?: string;
  readonly dataset: Dataset;
  /** Of the manifest. */
  readonly path: string;
}

async function expectedBy(operand: string, tools: Tools): Promise<Expected> {
  const { path, manifest } = await readValidManifest(tools.cwd, operand);
  const { dataset } = manifest;
  return {
    cid: dataset.cid,
    dataset,
    path,
    ...(dataset.profile === 'custom' ? {} : { profile: dataset.profile }),
  };
}

/** The file list beside the manifest, which must be the one that the manifest names. */
async function openList({ path, dataset }: Expected, tools: Tools): Promise<FolderCar | undefined> {
  const { fileList } = dataset;
  if (fileList === undefined) return undefined;
  const name = fileListPath(path);
  if ((await listBeside(tools.cwd, path)) === undefined)
    throw new Misuse(
      `the list of the ${fileList.count} files is not in ${escapeText(name)}`,
      'put it back, for example with git checkout, or write it again with holdfast create --force',
    );
  const list = await openCar(fromCwd(tools.cwd, name), { signal: tools.signal });
  if (list.cid === fileList.cid) return list;
  throw new Misuse(
    `${escapeText(name)} is not the list of ${escapeText(path)}: expected ${fileList.cid}, got ${list.cid}`,
    'put it back, for example with git checkout, or write it again with holdfast create --force',
  );
}

/** This version, and the others whose manifests stand beside its own. */
async function versionsOf({ path, dataset }: Expected, tools: Tools): Promise<readonly Version[]> {
  const folder = dirname(fromCwd(tools.cwd, path));
  const others = (await manifestsIn(folder)).filter(
    ({ manifest }) => manifest.dataset.name === dataset.name && manifest.dataset.cid !== dataset.cid,
  );
  return [
    version(path, dataset, tools),
    ...others.map((other) => version(other.path, other.manifest.dataset, tools)),
  ];
}

/** Without its list, a version saves nothing: it is sent as if it were not there. */
function version(path: string, dataset: Dataset, { cwd }: Tools): Version {
  return { dataset, files: async () => (await filesAtHand(cwd, path, dataset)) ?? [] };
}
