import { dirname, relative, resolve, sep } from 'node:path';
import { rootFromFiles } from '@holdfast/content/root';
import {
  type Dataset,
  hasErrors,
  type Problem,
  proveFiles,
  type ReadResult,
  type Trust,
} from '@holdfast/manifest';
import { evaluateTrustAsync } from '@holdfast/manifest/internal';
import { copiesFor, type PinRequest } from '@holdfast/pinning';
import { inBatches } from '../frame/batch.ts';
import type { Flags, Tools, Values } from '../frame/command.ts';
import { Misuse } from '../frame/misuse.ts';
import { printable } from '../frame/printable.ts';
import { noTrust, trustFrom } from '../keys/trust-folder.ts';
import { readManifestFile } from '../manifest/manifest-file.ts';
import { placed } from '../manifest/manifest-problems.ts';
import { readCommitted } from '../repository/committed.ts';
import { workTreeAround } from '../repository/work-tree.ts';

export const wishFlags = {
  owner: {
    type: 'string',
    value: 'HOST/OWNER/NAME',
    about: 'whose pins these are; read from the git remote',
  },
  'public-keys': {
    type: 'string',
    value: 'DIR',
    about: 'folder of the keys and the policy; public-keys unless said otherwise',
  },
} as const satisfies Flags;

/** What manifests want of a target. A manifest that is not sound and trusted wants nothing, and says why. */
export interface Wishes {
  readonly owner: string;
  readonly requests: readonly PinRequest[];
  /** Ids of datasets that were withdrawn. */
  readonly withdrawn: readonly string[];
  readonly problems: readonly Problem[];
  readonly sources: ReadonlyMap<string, string>;
}

interface Candidate {
  /** As problems name it. */
  readonly file: string;
  /** As the rules of the policy see it. */
  readonly path: string;
  readonly text: string;
  readonly result: ReadResult;
}

interface Gathered {
  readonly candidates: readonly Candidate[];
  readonly trust: Trust;
  readonly problems: readonly Problem[];
  /** What is committed was merged in time; what is in the work tree is judged now. */
  readonly at: Date | 'merged';
}

/** Of the manifests named, or of all that the last commit has. */
export async function wishesOf(
  operands: readonly string[],
  flags: Values<typeof wishFlags>,
  tools: Tools,
): Promise<Wishes> {
  const said = flags.owner === undefined ? undefined : checkedOwner(flags.owner);
  const { candidates, trust, problems, at } =
    operands.length > 0 ? await named(operands, flags, tools) : await committed(flags, tools);
  const owner = said ?? (await ownerOf(tools));
  const requests: PinRequest[] = [];
  const withdrawn: string[] = [];
  const found = [...problems];
  const judged = await Promise.all(
    candidates.map(async (candidate) => ({ ...candidate, faults: await judge(candidate, trust, at) })),
  );
  for (const { result, faults } of judged) {
    found.push(...faults);
    if (hasErrors(faults) || !result.ok) continue;
    const { dataset } = result.manifest;
    if (dataset.withdrawn) withdrawn.push(idOf(dataset));
    else requests.push(requestOf(dataset, result.digest, owner, trust));
  }
  const sources = new Map(candidates.map(({ file, text }) => [file, text]));
  return { owner, requests, withdrawn, problems: found, sources };
}

async function named(
  operands: readonly string[],
  flags: Values<typeof wishFlags>,
  tools: Tools,
): Promise<Gathered> {
  const files = await inBatches(operands, (path) => readManifestFile(tools.cwd, path));
  const near = files[0] ? dirname(resolve(tools.cwd, files[0].path)) : tools.cwd;
  const loaded = (await trustFrom(tools.cwd, flags['public-keys'], near)) ?? noTrust(tools.cwd);
  const candidates = files.map(({ path, text, result }) => ({
    file: path,
    path: relative(loaded.root, resolve(tools.cwd, path)).split(sep).join('/'),
    text,
    result,
  }));
  return { candidates, trust: loaded.trust, problems: loaded.problems, at: tools.clock() };
}

async function committed(flags: Values<typeof wishFlags>, tools: Tools): Promise<Gathered> {
  const { manifests, trust, problems } = await readCommitted(tools.cwd, 'HEAD', flags['public-keys']);
  // A manifest that was forgotten in the commit would else look like one that is taken care of.
  if (manifests.length === 0)
    tools.note('the last commit has no manifests: git add manifests && git commit, or name a manifest file');
  const candidates = manifests.map(({ path, text, result }) => ({ file: path, path, text, result }));
  return { candidates, trust, problems, at: 'merged' };
}

async function judge(
  { file, path, result }: Candidate,
  trust: Trust,
  at: Date | 'merged',
): Promise<readonly Problem[]> {
  if (!result.ok) return result.problems;
  const { manifest, locate } = result;
  const judging = evaluateTrustAsync({ path, manifest, locate }, trust, at);
  const proof = proveFiles(manifest.dataset, rootFromFiles);
  const verdict = await judging;
  return [...placed(proof, file, locate), ...verdict.problems.map((problem) => ({ ...problem, file }))];
}

/** Another spelling of the owner would be another owner, whose pins are not this repository's. */
function checkedOwner(owner: string): string {
  if (/^[\w.:-]+(\/[\w.-]+){2,}$/.test(owner)) return owner;
  throw new Misuse(
    `--owner expects HOST/OWNER/NAME, got "${printable(owner)}"`,
    'for example --owner github.com/acme/datasets, as the merge of that repository marks its pins',
  );
}

async function ownerOf(tools: Tools): Promise<string> {
  const tree = await workTreeAround(tools.cwd);
  if (tree?.host && tree.repository) return `${tree.host}/${tree.repository}`;
  throw new Misuse(
    'whose pins are these? There is no git remote to tell',
    'add --owner, for example --owner github.com/acme/datasets: only pins with this mark are ever changed',
  );
}

function idOf({ name, version }: Dataset): string {
  return `${name}@${version}`;
}

function requestOf(dataset: Dataset, digest: string, owner: string, trust: Trust): PinRequest {
  const { cid, name, version, tier, totalSize, expires, origins } = dataset;
  return {
    cid,
    id: idOf(dataset),
    owner,
    name: `${name}@${version}`,
    copies: copiesFor(tier, trust.tiers),
    totalSize,
    ...(expires !== undefined && { expires }),
    ...(origins !== undefined && { origins }),
    metadata: { 'holdfast-digest': digest },
  };
}
