import type { PhaseGateway } from '@holdfast/datasets/proof';
import type { PinTarget } from '@holdfast/pinning';
import { gatewaysNamed } from '../content/source-flags.ts';
import type { Flags, Tools, Values } from '../frame/command.ts';
import { durationOf, numberOf } from '../frame/duration.ts';
import { seedOf } from '../pinning/prove-flags.ts';
import { type Choice, onlyTarget } from '../pinning/target-kind.ts';

/** What is asked of the gateways near the copies. */
export const servingFlags = {
  gateway: {
    type: 'string',
    value: 'URL',
    multiple: true,
    about: 'gateway that has to serve the copies, beside those that the targets file names for its targets',
  },
  blocks: {
    type: 'string',
    value: 'NUMBER',
    about: 'places to draw of each dataset, whose blocks each gateway has to serve; default: 16',
  },
  p95: {
    type: 'string',
    value: 'TIME',
    about: 'time within which 95 of 100 blocks have to come from the gateways, for example 2s',
  },
} as const satisfies Flags;

type ServingFlags = Values<typeof servingFlags>;

/** Named, since what is left out is left to the targets file. */
export interface ServingTerms {
  readonly blocks?: number;
  readonly p95Ms?: number;
}

export function servingTerms({ blocks, p95 }: Pick<ServingFlags, 'blocks' | 'p95'>): ServingTerms {
  return {
    ...(blocks !== undefined && { blocks: numberOf('blocks', blocks, 1, 10_000) }),
    ...(p95 !== undefined && { p95Ms: durationOf('p95', p95) }),
  };
}

/** Each target's own serve its copies. */
export function servingGateways(
  flags: Pick<ServingFlags, 'gateway'>,
  choice: Choice,
  tools: Tools,
): readonly PhaseGateway[] {
  const isOne = onlyTarget(choice) !== undefined;
  return [
    ...gatewaysNamed(flags.gateway, tools).map(({ url }) => ({ url })),
    ...choice.targets.flatMap(({ named }) =>
      (named?.gateways ?? []).map((url) => (isOne || !named ? { url } : { url, place: named.name })),
    ),
  ];
}

/** What one gateway gave of one dataset. */
export interface Served {
  readonly gateway: string;
  /** The target whose copies it serves. */
  readonly target: string | null;
  readonly ok: boolean;
  readonly text: string;
}

/** Asks each gateway for the root and some blocks of each dataset, now. */
export async function servedBy(
  cids: readonly string[],
  gateways: readonly PhaseGateway[],
  { target, ...terms }: ServingTerms & { readonly target: PinTarget },
  tools: Tools,
): Promise<ReadonlyMap<string, readonly Served[]>> {
  const all = new Map(cids.map((cid) => [cid, [] as Served[]]));
  if (gateways.length === 0) return all;
  const { phaseVerifier } = await import('@holdfast/datasets/proof');
  const seed = seedOf(undefined, tools.clock());
  for (const { url, place } of gateways) {
    tools.waitingFor(url);
    const verify = phaseVerifier({ ...terms, gateways: [{ url }], prove: 'off', settleMs: 0, seed });
    const checks = await verify({ name: '', target, peers: [] }, cids, { signal: tools.signal });
    for (const [cid, found] of checks) {
      const bad = found.find(({ ok }) => !ok);
      const text = (bad ?? found[0])?.text ?? '';
      all.get(cid)?.push({ gateway: url, target: place ?? null, ok: bad === undefined, text });
    }
  }
  return all;
}
