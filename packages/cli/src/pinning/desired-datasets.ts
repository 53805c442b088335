import { basename, dirname, relative, resolve, sep } from 'node:path';
import { createRootBuilder, rootFromFiles } from '@holdfast/content/root';
import { acceptManifests, type Desired, desiredPins } from '@holdfast/datasets';
import type { Problem, Trust } from '@holdfast/manifest';
import type { FindList } from '@holdfast/manifest/files';
import { judgeManifests } from '@holdfast/manifest/internal';
import { escapeText } from '@holdfast/manifest/text';
import { LocalTarget, type PinTarget } from '@holdfast/pinning';
import { inBatches } from '../frame/batch.ts';
import type { Flags, Tools, Values } from '../frame/command.ts';
import { Misuse } from '../frame/misuse.ts';
import { noTrust, trustFrom } from '../keys/trust-folder.ts';
import { nameFrom } from '../manifest/dataset-draft.ts';
import { listBeside } from '../manifest/listed-files.ts';
import { readManifestFile } from '../manifest/manifest-file.ts';
import { workTreeAround } from '../repository/work-tree.ts';
import { type Judged, judgeCommit } from './judge-commit.ts';

export const datasetFlags = {
  owner: {
    type: 'string',
    value: 'HOST/OWNER/NAME',
    about:
      'owner of the pins; default: read from the git remote; for --local without one, localhost/local/FOLDER',
  },
  'public-keys': {
    type: 'string',
    value: 'DIR',
    about: 'folder of the keys and the policy; default: public-keys',
  },
} as const satisfies Flags;

/** What manifests ask of a target. A manifest that is not valid and trusted asks nothing and has problems. */
export interface DesiredDatasets extends Desired {
  /** The IPNS names of the policy, by the dataset's name. */
  readonly names: ReadonlyMap<string, string>;
  /** The keys and the policy that judged them. */
  readonly trust: Trust;
  /** Absent for files of the work tree. */
  readonly commit?: string;
  readonly problems: readonly Problem[];
  readonly sources: ReadonlyMap<string, string>;
}

/** Of the manifests named, or of all that the last commit has. */
export async function desiredDatasets(
  operands: readonly string[],
  flags: Values<typeof datasetFlags>,
  { target, findList }: { readonly target: PinTarget; readonly findList: FindList },
  tools: Tools,
): Promise<DesiredDatasets> {
  // A wrong one is said before anything is read.
  if (flags.owner !== undefined) checkedOwner(flags.owner);
  const { report, sources, trust, commit } =
    operands.length > 0
      ? await judgeNamed(operands, flags, findList, tools)
      : await judgeCommit({ ...flags, findList }, tools);
  const { accepted, problems, lapsedProblems } = acceptManifests(report);
  const desired = desiredPins(accepted, await ownerOf(target, flags, tools));
  const from = commit === undefined ? {} : { commit };
  return {
    ...desired,
    ...from,
    names: trust.names,
    trust,
    problems: [...problems, ...lapsedProblems],
    sources,
  };
}

/** Files of the work tree are judged by the time now; what is committed was merged in time. */
async function judgeNamed(
  operands: readonly string[],
  flags: Values<typeof datasetFlags>,
  findList: FindList,
  tools: Tools,
): Promise<Judged> {
  const files = await inBatches([...new Set(operands)], (path) => readManifestFile(tools.cwd, path));
  const near = files[0] ? dirname(resolve(tools.cwd, files[0].path)) : tools.cwd;
  const { root, trust, problems } =
    (await trustFrom(tools.cwd, flags['public-keys'], near)) ?? noTrust(tools.cwd);
  // The rules of the policy see the path in the repository, a person the one that was typed.
  const named = new Map(
    files.map((file) => [relative(root, resolve(tools.cwd, file.path)).split(sep).join('/'), file]),
  );
  const asNamed = (found: Problem): Problem => {
    const file = named.get(found.file ?? '')?.path;
    return file === undefined ? found : { ...found, file };
  };
  const tree = await workTreeAround(near);
  const judged = await judgeManifests(
    await Promise.all(
      [...named].map(async ([path, { path: given, text, result }]) => ({
        path,
        bytes: () => new TextEncoder().encode(text),
        read: result,
        list: await listBeside(tools.cwd, given),
      })),
    ),
    trust,
    {
      at: tools.clock(),
      rootFromFiles,
      createRootBuilder,
      findList,
      ...(tree?.repository && { repository: tree.repository }),
    },
  );
  const changes = judged.map((change) => ({ ...change, problems: change.problems.map(asNamed) }));
  return {
    trust,
    report: { changes, problems: [...problems, ...changes.flatMap((change) => change.problems)] },
    sources: new Map(files.map(({ path, text }) => [path, text])),
  };
}

/** Another spelling of the owner would be another owner, whose pins are not this repository's. */
function checkedOwner(owner: string): string {
  if (/^[\w.:-]+(\/[\w.-]+){2,}$/.test(owner)) return owner;
  throw new Misuse(
    `--owner expects HOST/OWNER/NAME, got "${escapeText(owner)}"`,
    'for example --owner github.com/acme/datasets, as the merge of that repository marks its pins',
  );
}

/** The one that is said, else the one of the git remote. */
export async function ownerOf(
  target: PinTarget,
  { owner }: Pick<Values<typeof datasetFlags>, 'owner'>,
  tools: Tools,
): Promise<string> {
  if (owner !== undefined) return checkedOwner(owner);
  const tree = await workTreeAround(tools.cwd);
  if (tree?.host && tree.repository) return `${tree.host}/${tree.repository}`;
  // Folders of this machine are a trial, or are somebody's own: nobody else marks pins there.
  if (target instanceof LocalTarget)
    return `localhost/local/${nameFrom(basename(tree?.root ?? tools.cwd)) || 'trial'}`;
  throw new Misuse(
    'no owner: there is no git remote to read it from',
    'add --owner, for example --owner github.com/acme/datasets: only pins with this mark are ever changed',
  );
}
