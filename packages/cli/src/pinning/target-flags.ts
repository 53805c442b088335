import { delimiter } from 'node:path';
import type { Flags, Tools, Values } from '../frame/command.ts';
import { Misuse } from '../frame/misuse.ts';
import { variable } from '../frame/variable.ts';
import { webAddress } from '../frame/web-address.ts';
import { type ChosenTarget, type TargetKind, targetNames } from './target-kind.ts';

export const targetFlags = {
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

/** The one target that flags name, else the one that the environment names. */
export function chooseTarget(given: Given, tools: Pick<Tools, 'env' | 'note'>): ChosenTarget {
  const only = configuredTarget(given, tools);
  if (only) return only;
  throw new Misuse(
    'no target: where should the copies be?',
    'set CLUSTER_URL=https://cluster.example.org:9094 (and CLUSTER_AUTH), or use --cluster-url, --kubo-url, --pinning-service or --local',
  );
}

/** The same, absent if nobody named one. */
export function configuredTarget(given: Given, tools: Pick<Tools, 'env' | 'note'>): ChosenTarget | undefined {
  const byFlag = kinds.flatMap((kind) => {
    const { flag } = targetNames[kind];
    const values = [given[flag as keyof Given] ?? []].flat();
    return chosen(
      kind,
      values.flatMap((value) => addressesIn(value, kind)),
      `--${flag}`,
    );
  });
  const candidates = byFlag.length > 0 ? byFlag : kinds.flatMap((kind) => fromEnvironment(kind, tools));
  const [only, second] = candidates;
  if (second) {
    const names = candidates.map((candidate) => candidate.named).join(' and ');
    throw new Misuse(`${names} name two targets`, 'use one at a time');
  }
  return only && { kind: only.kind, places: only.places };
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
