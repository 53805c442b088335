import { delimiter } from 'node:path';
import { escapeText, nearest } from '@holdfast/manifest/text';
import type { Flags, Tools, Values } from '../frame/command.ts';
import { Misuse } from '../frame/misuse.ts';
import { variable } from '../frame/variable.ts';
import { webAddress } from '../frame/web-address.ts';
import { type NamedTarget, type NamedTargets, namedTargets } from './named-targets.ts';
import { type Choice, type ChosenTarget, onlyTarget, type TargetKind, targetNames } from './target-kind.ts';

export const targetFlags = {
  target: {
    type: 'string',
    value: 'NAME',
    names: 'targets',
    multiple: true,
    about:
      'a target or a region of .holdfast/targets.json or of your own targets.json, or all; several count as one',
  },
  'cluster-url': {
    type: 'string',
    value: 'URL',
    multiple: true,
    formerly: 'cluster',
    about: 'REST API of an IPFS Cluster; default: $CLUSTER_URL',
  },
  'kubo-url': {
    type: 'string',
    value: 'URL',
    multiple: true,
    formerly: 'kubo',
    about: 'RPC API of a Kubo node; default: $KUBO_URL',
  },
  'pinning-service': {
    type: 'string',
    value: 'URL',
    about: 'endpoint of a pinning service; default: $PINNING_SERVICE',
  },
  local: {
    type: 'string',
    value: 'FOLDER',
    multiple: true,
    about: 'a folder of this machine, which is one copy; default: $HOLDFAST_LOCAL',
  },
} as const satisfies Flags;

type Given = Values<typeof targetFlags>;

const kinds: readonly TargetKind[] = ['cluster', 'kubo', 'pinning-service', 'local'];

type ChoicePorts = Pick<Tools, 'cwd' | 'env' | 'note'>;

/** What flags name, else what the environment names, else the default of your targets file. */
export async function chooseTargets(given: Given, tools: ChoicePorts): Promise<Choice> {
  const choice = await configuredTargets(given, tools);
  if (choice.targets.length > 0) return choice;
  const names = (await readableTargets(tools)).targets.map(({ name }) => escapeText(name));
  throw new Misuse(
    'no target: where should the copies be?',
    names.length > 0
      ? `name one with --target: ${names.join(', ')}`
      : 'set CLUSTER_URL=https://cluster.example.org:9094 (and CLUSTER_AUTH), or use --target, --cluster-url, --kubo-url, --pinning-service or --local',
  );
}

/** The same, for what is done at one target alone. */
export async function chooseTarget(given: Given, tools: ChoicePorts): Promise<ChosenTarget> {
  const choice = await chooseTargets(given, tools);
  const only = onlyTarget(choice);
  if (only !== undefined) return only;
  const { targets } = choice;
  throw new Misuse(
    `this is done at one target, and ${targets.length} are named`,
    `name one with --target: ${targets.map(({ named }) => escapeText(named?.name ?? '')).join(', ')}`,
  );
}

/** The same, of none where nobody named one. */
export async function configuredTargets(given: Given, tools: ChoicePorts): Promise<Choice> {
  const byFlag = kinds.flatMap((kind) => {
    const { flag } = targetNames[kind];
    const values = [given[flag as keyof Given] ?? []].flat();
    return chosen(
      kind,
      values.flatMap((value) => addressesIn(value, kind)),
      `--${flag}`,
    );
  });
  const names = given.target ?? [];
  if (names.length > 0) {
    const [other] = byFlag;
    if (other) throw new Misuse(`--target and ${other.named} name two targets`, 'use one at a time');
    return targetsNamed(names, await readableTargets(tools));
  }
  const candidates = byFlag.length > 0 ? byFlag : kinds.flatMap((kind) => fromEnvironment(kind, tools));
  const [only, second] = candidates;
  if (only === undefined) {
    const known = await readableTargets(tools);
    return targetsNamed(known.chosen === undefined ? [] : [known.chosen], known);
  }
  if (second) {
    const names = candidates.map((candidate) => candidate.named).join(' and ');
    throw new Misuse(`${names} name two targets`, 'use one at a time');
  }
  return { targets: [{ kind: only.kind, places: only.places }], quorums: {} };
}

/** Targets, regions, or `all`; each target once, in the order named. */
export function targetsNamed(names: readonly string[], known: NamedTargets): Choice {
  const all = names.flatMap((name) => {
    if (known.targets.some((target) => target.name === name)) return [name];
    if (name === 'all') return known.targets.map((target) => target.name);
    return known.regions.get(name)?.targets ?? [name];
  });
  const targets = [...new Set(all)].map((name) => targetNamed(name, known));
  const isIn = (region: string) => targets.some(({ named }) => named.region === region);
  const quorums = [...known.regions].flatMap(([region, { quorum }]) =>
    quorum > 1 && isIn(region) ? [[region, quorum] as const] : [],
  );
  return { targets, quorums: Object.fromEntries(quorums) };
}

/** A targets file with a problem is not used in part. */
export async function readableTargets(tools: Pick<Tools, 'cwd' | 'env'>): Promise<NamedTargets> {
  const known = await namedTargets(tools);
  const [first] = known.problems.filter(({ severity }) => severity === 'error');
  if (!first) return known;
  const at = [first.file, first.line, first.column].filter((part) => part !== undefined).join(':');
  throw new Misuse(`${escapeText(at)} ${first.message}`, first.hint ?? 'holdfast doctor lists all problems');
}

export function targetNamed(
  name: string,
  { targets, regions }: NamedTargets,
): ChosenTarget & { named: NamedTarget } {
  const found = targets.find((target) => target.name === name);
  if (found) return { kind: found.kind, places: found.places, named: found };
  const near = nearest(name, [...targets.map((target) => target.name), ...regions.keys()]);
  throw new Misuse(
    `there is no target ${escapeText(name)}${near ? `; did you mean ${near}?` : ''}`,
    targets.length > 0
      ? `targets: ${targets.map((target) => target.name).join(', ')}`
      : 'holdfast login NAME --cluster-url URL writes one to your targets file',
  );
}

function fromEnvironment(kind: TargetKind, tools: Pick<Tools, 'env' | 'note'>) {
  const name = targetNames[kind].variable;
  return chosen(kind, placesIn(variable(name, tools) ?? '', kind), name);
}

/** Commas or spaces separate several addresses; the path of a folder may hold both. */
function addressesIn(text: string, kind: TargetKind): readonly string[] {
  return (kind === 'cluster' || kind === 'kubo' ? text.split(/[\s,]+/) : [text]).filter(Boolean);
}

/** A variable names folders as PATH does. */
function placesIn(text: string, kind: TargetKind): readonly string[] {
  return kind === 'local' ? text.split(delimiter).filter(Boolean) : addressesIn(text, kind);
}

function chosen(kind: TargetKind, places: readonly string[], named: string) {
  const { secret } = targetNames[kind];
  if (secret) {
    const instead = `put user:password, or a token, into ${secret} and leave it out of the address`;
    for (const place of places) webAddress(named, place, 'http://127.0.0.1:9094', instead);
  }
  return places.length > 0 ? [{ kind, places, named }] : [];
}
