import { hasErrors } from '@holdfast/manifest';
import { count, escapeText } from '@holdfast/manifest/text';
import type { CopyProof } from '@holdfast/retrieval/proof';
import { cidsOf } from '../content/cid-operand.ts';
import { listsOf } from '../content/find-list.ts';
import { defineCommand } from '../frame/command.ts';
import { durationOf } from '../frame/duration.ts';
import { exitCode } from '../frame/exit-code.ts';
import type { Paint } from '../frame/paint.ts';
import { datasetFlags, desiredDatasets } from '../pinning/desired-datasets.ts';
import { withTarget } from '../pinning/pin-run.ts';
import { byCid, proofLines, proofShape, worthText } from '../pinning/proof-text.ts';
import { drawFlags, withProver } from '../pinning/prove-flags.ts';
import { targetFlags } from '../pinning/target-flags.ts';

export const prove = defineCommand({
  operands: '[FILE|CID…]',
  names: 'datasets',
  arity: [0, 10_000],
  flags: {
    ...targetFlags,
    ...datasetFlags,
    all: { type: 'boolean', about: 'read every block of each copy, not a draw' },
    peer: {
      type: 'string',
      value: 'NAME',
      multiple: true,
      about: 'ask this peer alone, by its name or ID; repeatable',
    },
    ...drawFlags,
    timeout: {
      type: 'string',
      value: 'TIME',
      about: 'time limit for all of it; default: 10m, with --all 24h',
    },
  },
  about:
    'Asks each peer that says pinned, it alone, for blocks drawn over the bytes of the dataset, and hashes what comes. Finds copies whose blocks were lost or damaged, which pinning itself never notices. Without operands, looks at every manifest of the last commit. Changes nothing; heal repairs.',
  examples: [
    { about: 'the whole repository', command: 'holdfast prove --cluster-url http://127.0.0.1:9094' },
    {
      about: 'every byte that one peer should have',
      command: 'holdfast prove tides --all --peer peer-1 --cluster-url http://127.0.0.1:9094',
    },
  ],
  run: ({ operands, flags }, tools) =>
    withTarget(flags, tools, async (target) => {
      const cids = cidsOf(operands);
      const findList = listsOf({ target }, tools);
      const desired =
        cids.length > 0 ? undefined : await desiredDatasets(operands, flags, { target, findList }, tools);
      const names = new Map(desired?.requests.map(({ cid, name }) => [cid, name]));
      const asked = desired?.requests.map(({ cid }) => cid) ?? cids;
      const options = {
        commit: desired?.commit,
        peers: flags.peer.length > 0 ? flags.peer : undefined,
        spread: false,
        deadlineMs: durationOf('timeout', flags.timeout ?? (flags.all ? '24h' : '10m')),
      } as const;
      tools.waitingFor(target.label);
      const { proofs, left } = await withProver(target, flags, options, tools, async (prover) =>
        flags.all ? { proofs: await prover.proveAll(asked), left: [] } : prover.prove(asked),
      );
      const grouped = byCid(proofs);
      const datasets = [...new Set(asked)].map((cid) =>
        datasetOf(cid, names.get(cid), grouped.get(cid) ?? []),
      );
      const problems = desired?.problems ?? [];
      const isWell = datasets.every(({ verdict }) => verdict === 'proved') && !hasErrors(problems);
      return {
        exitCode: isWell && left.length === 0 ? exitCode.ok : exitCode.problems,
        result: {
          target: target.label,
          datasets: datasets.map(({ proofs: found, ...dataset }) => ({
            ...dataset,
            proofs: found.map(proofShape),
          })),
          left,
        },
        problems,
        ...(desired && { sources: desired.sources }),
        quiet: datasets
          .filter(({ verdict }) => verdict !== 'proved')
          .map(({ cid, name, verdict }) => `${escapeText(name || cid)} ${verdict}`)
          .join('\n'),
        text: (paint) =>
          [
            escapeText(target.label),
            ...datasets.flatMap((dataset) => [
              headLine(dataset, paint),
              ...proofLines(dataset.proofs, paint),
            ]),
            ...(left.length > 0
              ? [`${count(left.length, 'dataset')} left out: --prove-mib or --timeout was reached`]
              : []),
            ...(worthText(proofs) === '' ? [] : [worthText(proofs)]),
            ...(datasets.some(({ verdict }) => verdict === 'refuted')
              ? ['next: holdfast heal makes other copies and repairs these']
              : []),
          ].join('\n'),
      };
    }),
});

interface Proved {
  readonly cid: string;
  readonly name: string;
  /** The worst of its copies; `not pinned` where nobody says that he has one. */
  readonly verdict: 'proved' | 'refuted' | 'not known' | 'not pinned';
  readonly proofs: readonly CopyProof[];
}

function datasetOf(cid: string, name: string | undefined, proofs: readonly CopyProof[]): Proved {
  const has = (verdict: CopyProof['verdict']) => proofs.some((proof) => proof.verdict === verdict);
  const verdict =
    proofs.length === 0
      ? 'not pinned'
      : has('refuted')
        ? 'refuted'
        : has('unreachable')
          ? 'not known'
          : 'proved';
  return { cid, name: name ?? '', verdict, proofs };
}

const marks = {
  proved: ['green', '✓'],
  refuted: ['red', '✗'],
  'not known': ['yellow', '?'],
  'not pinned': ['red', '✗'],
} as const;

function headLine({ cid, name, verdict, proofs }: Proved, paint: Paint): string {
  const [colour, mark] = marks[verdict];
  const proved = proofs.filter((proof) => proof.verdict === 'proved').length;
  const what =
    proofs.length === 0
      ? 'no peer says that it has a copy'
      : `${proved} of ${count(proofs.length, 'copy', 'copies')} proved`;
  return `${paint[colour](mark)} ${paint.bold(escapeText(name || cid))}: ${what}`;
}
