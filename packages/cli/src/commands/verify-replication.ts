import { type Findable, findable, findableText } from '@holdfast/datasets';
import { hasErrors } from '@holdfast/manifest';
import { escapeText } from '@holdfast/manifest/text';
import { pinStatus } from '@holdfast/pinning';
import { type FoundProviders, findProviders } from '@holdfast/retrieval';
import { cidsOf } from '../content/cid-operand.ts';
import { listsOf } from '../content/find-list.ts';
import { inBatches } from '../frame/batch.ts';
import { defineCommand } from '../frame/command.ts';
import { exitCode } from '../frame/exit-code.ts';
import type { Paint } from '../frame/paint.ts';
import { readRoutersFor, routerFlags } from '../names/router-flags.ts';
import { datasetFlags, desiredDatasets } from '../pinning/desired-datasets.ts';
import { tell, withTarget } from '../pinning/pin-run.ts';
import { targetFlags } from '../pinning/target-flags.ts';
import { type Served, servedBy, servingFlags, servingGateways, servingTerms } from '../rollout/serving.ts';

export const verifyReplication = defineCommand({
  operands: '[FILE|CID…]',
  names: 'datasets',
  arity: [0, 10_000],
  flags: { ...targetFlags, ...datasetFlags, ...routerFlags, ...servingFlags },
  about:
    'Asks the target who has a copy, and the routers whom a reader would find. The gateways that --gateway or the targets file names have to serve the same root and some blocks. Content that is pinned and not announced is out of reach for everybody who does not know the nodes. Without operands, looks at every manifest of the last commit. Changes nothing.',
  examples: [
    {
      about: 'the whole repository, by the router of your own nodes',
      command:
        'holdfast verify-replication --cluster-url http://127.0.0.1:9094 --router http://127.0.0.1:8080',
    },
    {
      about: 'one CID, whoever pinned it',
      command:
        'holdfast verify-replication bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi --router http://127.0.0.1:8080',
    },
  ],
  run: ({ operands, flags }, tools) =>
    withTarget(flags, tools, async (target, choice) => {
      const gateways = servingGateways(flags, choice, tools);
      const routers = readRoutersFor(flags, tools);
      const cids = cidsOf(operands);
      const findList = listsOf({ target }, tools);
      const desired =
        cids.length > 0 ? undefined : await desiredDatasets(operands, flags, { target, findList }, tools);
      const { items } = await pinStatus(target, {
        signal: tools.signal,
        onProgress: (event) => tell(event, tools),
        ...(desired && { requests: desired.requests }),
        cids: desired?.requests.map(({ cid }) => cid) ?? cids,
      });
      tools.waitingFor(routers.map(({ url }) => url).join(', '));
      const served = await servedBy(
        items.map(({ cid }) => cid),
        gateways,
        { ...servingTerms(flags), target },
        tools,
      );
      const seen = await inBatches(items, async ({ cid, name, peers, wanted }): Promise<Seen> => {
        const found = await findProviders(cid, routers, { signal: tools.signal });
        const known = { cid, name, ...findable(peers, wanted, found), faults: found.faults };
        return { ...known, served: served.get(cid) ?? [] };
      });
      const problems = desired?.problems ?? [];
      const isWell = seen.every(isFine) && !hasErrors(problems);
      return {
        exitCode: isWell ? exitCode.ok : exitCode.problems,
        result: { target: target.label, routers: routers.map(({ url }) => url), datasets: seen },
        problems,
        ...(desired && { sources: desired.sources }),
        quiet: seen
          .filter((one) => !isFine(one))
          .map(({ name, cid, verdict }) =>
            verdict === 'findable'
              ? `${escapeText(name || cid)} not served`
              : `${escapeText(name || cid)} ${verdict}`,
          )
          .join('\n'),
        text: (paint) => [escapeText(target.label), ...seen.map((one) => line(one, paint))].join('\n'),
      };
    }),
});

interface Seen extends Findable {
  readonly cid: string;
  readonly name: string;
  readonly faults: FoundProviders['faults'];
  /** What each gateway gave. */
  readonly served: readonly Served[];
}

function isFine({ verdict, served }: Seen): boolean {
  return verdict === 'findable' && served.every(({ ok }) => ok);
}

const marks = {
  findable: ['green', '✓'],
  'hard to find': ['red', '✗'],
  'not known': ['yellow', '?'],
  'not pinned': ['red', '✗'],
} as const;

function line(seen: Seen, paint: Paint): string {
  const { name, cid, verdict, copies, faults } = seen;
  const [colour, mark] = marks[verdict];
  const lost = copies.filter((copy) => copy.findable === false);
  return [
    `${paint[colour](mark)} ${paint.bold(escapeText(name || cid))}: ${findableText(seen)}`,
    ...lost.map((copy) => `    ${escapeText(copy.name ?? copy.peer)} has it, and no router knows that`),
    ...seen.served.map(
      ({ ok, target, text }) =>
        `    ${ok ? paint.green('✓') : paint.red('✗')} ${target === null ? '' : `${escapeText(target)}: `}${escapeText(text)}`,
    ),
    ...faults.map(({ router, fault }) => `    ${escapeText(router)}: ${escapeText(fault)}`),
    ...(lost.length > 0
      ? [
          '    help: can others reach the swarm port of the node, is Routing.Type not none, and does Provide.Strategy cover pins? Announcing takes a while after a pin',
        ]
      : []),
  ].join('\n');
}
