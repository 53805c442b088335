import { readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type { Problem } from '@holdfast/manifest';
import {
  parseProjectTargets,
  parseTargets,
  placesWithRegions,
  type RolloutRules,
  type TargetPlace,
  targetsSchemaAddress,
} from '@holdfast/manifest/internal';
import { escapeText } from '@holdfast/manifest/text';
import { configFolder, neededConfigFolder } from '../frame/config-folder.ts';
import { holdingFile } from '../frame/file-lock.ts';
import { Misuse } from '../frame/misuse.ts';
import type { Ports } from '../frame/ports.ts';
import { writeWhole } from '../frame/whole-file.ts';
import { workTreeAround } from '../repository/work-tree.ts';

/** A target that a file gives a name to. A clone's own file is never used unless a person names its target. */
export interface NamedTarget {
  readonly name: string;
  readonly kind: TargetPlace['kind'];
  /** Addresses, or one folder as a whole path. */
  readonly places: readonly string[];
  readonly region?: string;
  /** Where readers near it get what it keeps. */
  readonly gateways: readonly string[];
  /** The variable of its credential, where the file names one. */
  readonly env?: string;
  /** The file it stands in. */
  readonly file: string;
}

/** Targets that count as one region. */
export interface NamedRegion {
  readonly targets: readonly string[];
  readonly quorum: number;
}

export interface NamedTargets {
  readonly targets: readonly NamedTarget[];
  readonly regions: ReadonlyMap<string, NamedRegion>;
  /** How new versions go out. */
  readonly rollout?: RolloutRules;
  /** The one that counts where nothing else names a target. */
  readonly chosen?: string;
  readonly problems: readonly Problem[];
  /** The text of each file that was read, for excerpts under problems. */
  readonly sources: ReadonlyMap<string, string>;
}

export const targetsFileName = 'targets.json';

/** The targets of the repository, then those of the person, in the order of their files. A name in both is the repository's. */
export async function namedTargets({ cwd, env }: Pick<Ports, 'cwd' | 'env'>): Promise<NamedTargets> {
  const root = (await workTreeAround(cwd))?.root ?? cwd;
  const own = configFolder(env);
  const home = env.HOME || env.USERPROFILE || own;
  const files = [
    await readTargets(join(root, '.holdfast', targetsFileName), root, 'project', cwd),
    ...(own ? [await readTargets(join(own, targetsFileName), home ?? own, 'person', cwd)] : []),
  ].filter((file) => file !== undefined);
  const all = files.flatMap(({ targets }) => targets);
  const regions = new Map(files.flatMap((file) => [...file.regions]).reverse());
  const chosen = files.map((file) => file.chosen).find((name) => name !== undefined);
  const rollout = files.map((file) => file.rollout).find((rules) => rules !== undefined);
  return {
    targets: all.filter(({ name }, index) => all.findIndex((target) => target.name === name) === index),
    regions,
    ...(chosen !== undefined && { chosen }),
    ...(rollout !== undefined && { rollout }),
    problems: files.flatMap(({ problems }) => problems),
    sources: new Map(files.map(({ shown, text }) => [shown, text])),
  };
}

type Scope = 'person' | 'project';

async function readTargets(place: string, base: string, scope: Scope, cwd: string) {
  const bytes = await readFile(place).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
  });
  if (bytes === undefined) return undefined;
  const inside = relative(cwd, place);
  const shown = scope === 'project' && !inside.startsWith('..') ? inside : place;
  const text = new TextDecoder().decode(bytes);
  const parse = scope === 'project' ? parseProjectTargets : parseTargets;
  const read = parse(bytes, { file: shown });
  if (!read.ok)
    return { shown, text, targets: [], regions: new Map<string, NamedRegion>(), problems: read.problems };
  const { regions = {}, default: chosen, rollout } = read.value;
  return {
    shown,
    text,
    targets: placesWithRegions(read.value).map((place) => named(place, shown, base)),
    regions: new Map(
      Object.entries(regions).map(([name, { targets, quorum = 1 }]): [string, NamedRegion] => [
        name,
        { targets, quorum },
      ]),
    ),
    problems: read.problems,
    ...(chosen !== undefined && { chosen }),
    ...(rollout !== undefined && { rollout }),
  };
}

function named(place: TargetPlace, file: string, base: string): NamedTarget {
  const { name, kind, url, urls, folder, auth, gateways = [], region } = place;
  const places = folder === undefined ? (urls ?? [url ?? '']) : [resolve(base, folder)];
  return { name, kind, places, gateways, file, ...(region && { region }), ...(auth && { env: auth.env }) };
}

/** Adds a target to the person's own file, or changes the one of that name. */
export async function writeOwnTarget(target: TargetPlace, { env, signal }: Pick<Ports, 'env' | 'signal'>) {
  const place = join(neededConfigFolder(env), targetsFileName);
  await holdingFile(place, signal, async () => {
    const text = await readFile(place).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    const read = text === undefined ? undefined : parseTargets(text, { file: place });
    if (read && !read.ok) throw new Misuse(`${escapeText(place)} has problems`, 'holdfast doctor lists them');
    const before = read?.value ?? { $schema: targetsSchemaAddress, targets: [] };
    const others = before.targets.filter(({ name }) => name !== target.name);
    const whole = { ...before, targets: [...others, target] };
    await writeWhole(place, `${JSON.stringify(whole, null, 2)}\n`);
  });
  return place;
}
