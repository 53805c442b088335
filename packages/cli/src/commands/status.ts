import { hasErrors } from '@holdfast/manifest';
import { bytes, count, escapeText, range } from '@holdfast/manifest/text';
import { type CidStatus, type PinTarget, pinStatus } from '@holdfast/pinning';
import { RefutedCopies, withRefuted } from '@holdfast/pinning/internal';
import type { TargetPeer } from '@holdfast/pinning/target';
import { listsOf } from '../content/find-list.ts';
import { defineCommand, type Flags, type Report, type Tools, type Values } from '../frame/command.ts';
import { exitCode } from '../frame/exit-code.ts';
import type { Paint } from '../frame/paint.ts';
import { watched, watchFlags } from '../frame/watched.ts';
import { type DesiredDatasets, datasetFlags, desiredDatasets } from '../pinning/desired-datasets.ts';
import { tell, withTarget } from '../pinning/pin-run.ts';
import { peerShape, statusShape } from '../pinning/pin-shape.ts';
import { outcomeMark } from '../pinning/pin-text.ts';
import { proofLines, proofShape, provedText } from '../pinning/proof-text.ts';
import { drawFlags, withProver } from '../pinning/prove-flags.ts';
import { targetFlags } from '../pinning/target-flags.ts';

const statusFlags = {
  ...targetFlags,
  ...datasetFlags,
  prove: {
    type: 'boolean',
    about: 'ask each peer to show blocks of its copy; one that it cannot show does not count',
  },
  ...drawFlags,
  everything: { type: 'boolean', about: 'everything the target keeps, not only what manifests ask for' },
  ...watchFlags,
  'until-satisfied': { type: 'boolean', about: 'as --watch, and end with 0 once all copies are there' },
} as const satisfies Flags;

export const status = defineCommand({
  operands: '[FILE…]',
  names: 'datasets',
  arity: [0, 10_000],
  flags: statusFlags,
  about: 'Without files, shows every manifest of the last commit. Changes nothing.',
  examples: [
    { about: 'the whole repository', command: 'holdfast status --cluster-url http://127.0.0.1:9094' },
    {
      about: 'wait until every dataset has its copies',
      command: 'holdfast status --until-satisfied --every 30s --cluster-url http://127.0.0.1:9094',
    },
    {
      about: 'what peers can show, not only what they say',
      command: 'holdfast status --prove --cluster-url http://127.0.0.1:9094',
    },
    {
      about: 'everything on a shared cluster',
      command: 'holdfast status --everything --cluster-url http://127.0.0.1:9094',
    },
  ],
  run: ({ operands, flags }, tools) =>
    withTarget(flags, tools, async (target) => {
      if (!flags.watch && !flags['until-satisfied']) return lookAt(target, operands, flags, tools);
      const isDone = ({ exitCode: code }: Report) => flags['until-satisfied'] && code === exitCode.ok;
      // What is looked at again and again needs no bar.
      let isFirst = true;
      const progress: Tools['progress'] = (event) => isFirst && tools.progress(event);
      const quietly = async () => {
        const report = await lookAt(target, operands, flags, { ...tools, progress });
        isFirst = false;
        return report;
      };
      return watched(quietly, flags, tools, isDone);
    }),
});

async function lookAt(
  target: PinTarget,
  operands: readonly string[],
  flags: Values<typeof statusFlags>,
  tools: Tools,
): Promise<Report> {
  const findList = listsOf({ target }, tools);
  const desired = flags.everything
    ? undefined
    : await desiredDatasets(operands, flags, { target, findList }, tools);
  const shown = flags.prove ? await shownCopies(target, desired, flags, tools) : undefined;
  const report = await pinStatus(shown?.target ?? target, {
    signal: tools.signal,
    onProgress: (event) => tell(event, tools),
    ...(desired && { requests: desired.requests, cids: desired.requests.map((request) => request.cid) }),
  });
  const { healthy, degraded, unhealthy, items, at } = report;
  const peers = report.peers.toSorted((a, b) => ((a.name ?? a.id) < (b.name ?? b.id) ? -1 : 1));
  const problems = desired?.problems ?? [];
  const all = degraded + unhealthy === 0 && !hasErrors(problems);
  return {
    exitCode: all ? exitCode.ok : exitCode.problems,
    result: {
      target: target.label,
      at,
      healthy,
      degraded,
      unhealthy,
      datasets: items.map(statusShape),
      peers: peers.map(peerShape),
      proofs: shown?.proofs.map(proofShape) ?? null,
    },
    problems,
    ...(desired && { sources: desired.sources }),
    quiet: items
      .filter((item) => item.health !== 'healthy')
      .map(({ name, cid, health, missing }) => `${escapeText(name || cid)} ${health}: ${escapeText(missing)}`)
      .join('\n'),
    text: (paint) =>
      [
        escapeText(target.label),
        ...peers.map((peer) => peerLine(peer, paint)),
        ...items.flatMap((item) => [
          itemText(item, paint),
          ...proofLines(
            (shown?.proofs ?? []).filter(({ cid }) => cid === item.cid),
            paint,
          ),
        ]),
        ...(shown === undefined ? [] : [provedText(shown.proofs, shown.left)]),
        `${count(items.length, 'dataset')}: ${healthy} healthy, ${degraded} degraded, ${unhealthy} without a copy`,
      ].join('\n'),
  };
}

/** The target as its peers could show it. */
async function shownCopies(
  target: PinTarget,
  desired: DesiredDatasets | undefined,
  flags: Values<typeof statusFlags>,
  tools: Tools,
) {
  const cids = desired?.requests.map(({ cid }) => cid) ?? (await keptBy(target, tools));
  const options = { commit: desired?.commit, spread: false } as const;
  const { proofs, left } = await withProver(target, flags, options, tools, (prover) => prover.prove(cids));
  const refuted = new RefutedCopies();
  for (const { cid, peer, verdict, why } of proofs) if (verdict === 'refuted') refuted.add(cid, peer, why);
  return { target: withRefuted(target, refuted), proofs, left };
}

async function keptBy(target: PinTarget, { signal }: Tools): Promise<string[]> {
  const cids: string[] = [];
  for await (const { cid } of target.observe(undefined, { signal })) cids.push(cid);
  return cids;
}

function peerLine({ id, name, region, up, freeSpace, error }: TargetPeer, paint: Paint): string {
  const facts = [region, freeSpace === undefined ? undefined : `${bytes(freeSpace)} free`, error].filter(
    (fact) => fact !== undefined,
  );
  const state = up ? paint.green('up') : paint.red('down');
  return `  ${state} ${escapeText(name ?? id)}${facts.length > 0 ? paint.dim(` (${escapeText(facts.join(', '))})`) : ''}`;
}

const outcomes = { healthy: 'satisfied', degraded: 'degraded', unhealthy: 'failed' } as const;

function itemText(item: CidStatus, paint: Paint): string {
  const { name, cid, health, copies, wanted, regions, missing } = item;
  const where = regions.length > 0 ? ` in ${regions.map(escapeText).join(', ')}` : '';
  const line = `${outcomeMark(outcomes[health], paint)} ${paint.bold(escapeText(name || cid))}: ${copies} of ${range(wanted)} copies${where}`;
  return missing ? `${line}\n    ${escapeText(missing)}` : line;
}
