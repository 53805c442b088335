import { randomBytes } from 'node:crypto';
import type { ProverOptions, TargetProver } from '@holdfast/datasets/proof';
import type { PinTarget } from '@holdfast/pinning';
import type { Flags, Tools, Values } from '../frame/command.ts';
import { numberOf } from '../frame/duration.ts';

/** How much of each copy is looked at. */
export const drawFlags = {
  'prove-blocks': {
    type: 'string',
    value: 'NUMBER',
    about: 'places to draw from each copy, uniform over its bytes; default: 16',
  },
  'prove-mib': {
    type: 'string',
    value: 'NUMBER',
    about: 'the most to read from all peers together, in MiB; default: 1024',
  },
} as const satisfies Flags;

export const proveFlags = {
  prove: {
    type: 'string',
    choices: ['off', 'auto', 'require'],
    about:
      'ask each peer to show its copy; require: one that could not be asked counts as none; default: auto',
  },
  ...drawFlags,
  'node-url': {
    type: 'string',
    value: 'URL',
    multiple: true,
    about: 'RPC API of a Kubo node of the cluster, to replace damaged blocks there; $KUBO_AUTH goes with it',
  },
} as const satisfies Flags;

type More = Pick<ProverOptions, 'peers' | 'spread'> & { readonly deadlineMs?: number | undefined };

/** Opens what asks the peers, uses it, and closes its connections. */
export async function withProver<T>(
  target: PinTarget,
  flags: Values<typeof drawFlags>,
  { commit, ...more }: More & { readonly commit: string | undefined },
  tools: Tools,
  use: (prover: TargetProver) => Promise<T>,
): Promise<T> {
  // Loaded here: who proves nothing does not load libp2p.
  const { TargetProver } = await import('@holdfast/datasets/proof');
  const { keepHeapSmall } = await import('@holdfast/retrieval/node');
  keepHeapSmall();
  const prover = new TargetProver(target, {
    seed: seedOf(commit, tools.clock()),
    blocks: numberOf('prove-blocks', flags['prove-blocks'] ?? '16', 1, 100_000),
    maxBytes: numberOf('prove-mib', flags['prove-mib'] ?? '1024', 1, 1 << 30) * 2 ** 20,
    signal: tools.signal,
    onProgress: ({ done, total }) => tools.progress({ phase: 'proving', done, total, unit: 'datasets' }),
    ...more,
  });
  try {
    return await use(prover);
  } finally {
    await prover.close();
  }
}

/** Nobody can know it before the run; everybody can check the draw with it after. */
export function seedOf(commit: string | undefined, at: Date): string {
  return `${commit ?? randomBytes(20).toString('hex')} ${at.toISOString()}`;
}
