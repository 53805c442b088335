import { Misuse, type Runner } from '@holdfast/action-kit';
import {
  type DatasetResult,
  datasetName,
  type JudgedManifests,
  type NameResult,
  parseNameKeys,
  wantedNames,
} from '@holdfast/datasets';
import { ManifestError, type Signer, type Trust } from '@holdfast/manifest';
import type { Names } from '@holdfast/retrieval';

/** The routers that keep names, and the keys to write them with. */
export interface NamePorts {
  readonly names: Names;
  /** By the IPNS name of the key. */
  readonly keys: ReadonlyMap<string, Signer>;
}

/** The body of a key, line by line: a runner masks no text of several lines as a whole. */
export function maskKey(runner: Runner, text: string): void {
  for (const line of text.split('\n').map((part) => part.trim()))
    if (line !== '' && !line.startsWith('-----')) runner.mask(line);
}

/** Undefined without a key: then names are somebody else's. */
export async function openNamePorts(inputs: {
  readonly 'name-key': string | undefined;
  readonly routers: readonly string[];
}): Promise<NamePorts | undefined> {
  const text = inputs['name-key'];
  if (text === undefined) return undefined;
  try {
    const keys = await parseNameKeys(text);
    const { createNames } = await import('./reading.ts');
    return { keys, names: createNames(inputs.routers.map((url) => ({ kind: 'router', url }))) };
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    throw new Misuse([
      `input "name-key" expected the text of a file that \`holdfast name key\` wrote, without a password: ${error.message}`,
    ]);
  }
}

export interface NameScope {
  readonly mode: 'changed' | 'all';
  readonly dryRun: boolean;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

export interface FollowedNames {
  readonly names: readonly NameResult[];
  readonly notes: readonly string[];
}

/** Once the copies are known: each name moves to the latest version that has them, or is kept alive where it is. */
export async function followDatasetNames(
  { accepted, changed }: JudgedManifests,
  trust: Trust,
  results: readonly DatasetResult[],
  { names, keys }: NamePorts,
  { mode, dryRun, now, signal }: NameScope,
): Promise<FollowedNames> {
  const touched = new Set([...changed].map(datasetName));
  const wanted = wantedNames(accepted, trust.names).filter(
    ({ dataset }) => mode === 'all' || touched.has(dataset),
  );
  const verdicts = new Map(results.map(({ id, verdict }) => [id, verdict]));
  const { followNames } = await import('./reading.ts');
  const followed = await followNames(wanted, {
    names,
    keys,
    hasCopies(id) {
      const verdict = verdicts.get(id);
      return dryRun || (verdict === undefined ? undefined : verdict === 'satisfied');
    },
    now,
    signal,
    dryRun,
  });
  const given = new Set(trust.names.values());
  const notes = [...keys.keys()]
    .filter((name) => !given.has(name))
    .map((name) => `\`name-key\` has the key of ${name}, which the policy gives to no dataset`);
  return { names: followed, notes };
}
