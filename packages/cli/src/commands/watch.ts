import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { replaceFile } from '@holdfast/manifest/replace-file';
import { count, escapeText } from '@holdfast/manifest/text';
import type { PinTarget } from '@holdfast/pinning';
import { type Ending, metricsText, type SeenProofs, type Summary } from '@holdfast/watch';
import { type MetricsServer, openHistory, serveMetrics } from '@holdfast/watch/node';
import { listsOf } from '../content/find-list.ts';
import { sourceFlags, sourcesFor } from '../content/source-flags.ts';
import { defineCommand, type Tools, type Values } from '../frame/command.ts';
import { durationOf } from '../frame/duration.ts';
import { exitCode } from '../frame/exit-code.ts';
import { hostAndPort } from '../frame/host-and-port.ts';
import type { Paint } from '../frame/paint.ts';
import { variable } from '../frame/variable.ts';
import { knownEndings } from '../names/known-endings.ts';
import { routerFlags } from '../names/router-flags.ts';
import { alerting } from '../pinning/alerting.ts';
import { datasetFlags, desiredDatasets } from '../pinning/desired-datasets.ts';
import { withTarget } from '../pinning/pin-run.ts';
import { drawFlags, withProver } from '../pinning/prove-flags.ts';
import { targetFlags } from '../pinning/target-flags.ts';
import { type Round, Watcher } from '../pinning/watcher.ts';

export const watch = defineCommand({
  operands: '[FILE…]',
  names: 'datasets',
  arity: [0, 10_000],
  flags: {
    ...targetFlags,
    ...datasetFlags,
    gateway: sourceFlags.gateway,
    'kubo-rpc': { ...sourceFlags['kubo-url'], about: 'RPC API of a Kubo node that should serve the content' },
    prove: {
      type: 'string',
      choices: ['off', 'auto'],
      about: 'ask each peer to show a draw of its copies before they are counted; default: auto',
    },
    ...drawFlags,
    'prove-mib': {
      ...drawFlags['prove-mib'],
      about: 'the most to read from all peers in a round, in MiB; default: 64',
    },
    ...routerFlags,
    router: {
      ...routerFlags.router,
      about: 'router that knows the records of names, to say when they end; default: $ROUTERS',
    },
    history: { type: 'string', value: 'DIR', about: 'folder of the history; default: holdfast-history' },
    once: { type: 'boolean', about: 'one round, for a workflow; the exit code says whether all is well' },
    every: { type: 'string', value: 'TIME', about: 'from the start of a round to the next; default: 5m' },
    timeout: {
      type: 'string',
      value: 'TIME',
      about: 'how long the target may take in a round; default: 30s',
    },
    metrics: {
      type: 'string',
      value: 'HOST:PORT',
      about: 'serve metrics for Prometheus, for example at 127.0.0.1:9464',
    },
    textfile: { type: 'string', value: 'FILE', about: 'write the metrics to this file, for node-exporter' },
    'on-incident': {
      type: 'string',
      value: 'COMMAND',
      about: 'command line to run when an incident opens or closes; JSON on its standard input',
    },
    webhook: {
      type: 'string',
      value: 'URL',
      about: 'address to post incidents to (Standard Webhooks); its secret: $HOLDFAST_WEBHOOK_SECRET',
    },
  },
  about:
    'Looks at all datasets, peers and places once a round and appends what it saw to a history. Without files, at every manifest of the last commit. Changes nothing on the target.',
  examples: [
    {
      about: 'in a scheduled workflow',
      command: 'holdfast watch --once --every 1h --cluster-url https://cluster.example.org:9094',
    },
    {
      about: 'as a service, with metrics and a webhook',
      command:
        'holdfast watch --every 5m --metrics 127.0.0.1:9464 --webhook https://alerts.example.org/holdfast',
    },
  ],
  resume: 'the history stays; run the same command again to go on',
  run: ({ operands, flags }, tools) => {
    const limitMs = durationOf('timeout', flags.timeout ?? '30s');
    const everyMs = durationOf('every', flags.every ?? '5m');
    const folder = resolve(tools.cwd, flags.history ?? 'holdfast-history');
    const alert = alerting(flags['on-incident'], flags.webhook, tools);
    const address = flags.metrics === undefined ? undefined : hostAndPort('--metrics', flags.metrics);
    return withTarget(flags, tools, async (target) => {
      const named =
        flags.gateway.length + flags['kubo-rpc'].length > 0 || variable('GATEWAYS', tools) !== undefined;
      const proofs = flags.prove === 'off' ? undefined : await proofRounds(target, flags, limitMs, tools);
      let endings: readonly Ending[] = [];
      const watcher = new Watcher({
        target: proofs?.target ?? target,
        prove: proofs?.look,
        history: openHistory(folder),
        places: named
          ? await sourcesFor({ gateway: flags.gateway, 'kubo-url': flags['kubo-rpc'] }, tools)
          : [],
        everyMs,
        limitMs,
        clock: () => tools.clock().getTime(),
        requests: async () => {
          const findList = listsOf({ target }, tools);
          const { requests, byId, trust } = await desiredDatasets(
            operands,
            flags,
            { target, findList },
            tools,
          );
          const publicKeys = flags['public-keys'];
          // Only metrics have them, and routers are asked for the records of names.
          if (flags.metrics !== undefined || flags.textfile !== undefined)
            endings = await knownEndings({ accepted: [...byId.values()], trust, publicKeys }, flags, tools);
          return requests;
        },
        alert,
        signal: tools.signal,
      });
      let round: Round | undefined;
      let server: MetricsServer | undefined;
      try {
        if (address !== undefined) {
          server = await serveMetrics(address.host, address.port, () =>
            round === undefined ? '# EOF\n' : metricsText(round.summary, { endings }),
          );
          tools.note(`metrics: ${server.url}`);
        }
        for (;;) {
          const started = tools.clock().getTime();
          round = await watcher.round();
          if (flags.textfile !== undefined)
            await replaceFile(
              resolve(tools.cwd, flags.textfile),
              metricsText(round.summary, { endings, format: 'prometheus' }),
            );
          if (flags.once) break;
          tools.note(`${new Date(started).toISOString()} ${headline(round.summary, plain)}`);
          const rest = Math.max(0, started + everyMs - tools.clock().getTime());
          await sleep(rest, undefined, { signal: tools.signal });
        }
      } finally {
        await server?.close();
      }
      return report(round, folder);
    });
  },
});

/** Copies are shown over one prover a round: its budget is a round's. */
async function proofRounds(
  target: PinTarget,
  flags: Values<typeof drawFlags>,
  deadlineMs: number,
  tools: Tools,
): Promise<{ readonly target: PinTarget; readonly look: (cids: readonly string[]) => Promise<SeenProofs> }> {
  const { ProofRounds } = await import('@holdfast/datasets/proof');
  const rounds = new ProofRounds(target);
  const draw = { ...flags, 'prove-mib': flags['prove-mib'] ?? '64' };
  const options = { commit: undefined, spread: false, deadlineMs: deadlineMs / 2 } as const;
  return {
    target: rounds.target,
    look: (cids) => withProver(target, draw, options, tools, (prover) => rounds.look(cids, prover)),
  };
}

function report(round: Round, folder: string) {
  const { seen, summary, alerts } = round;
  const open = summary.incidents.filter(({ closedAt }) => closedAt === undefined);
  const bad = seen.fault !== undefined || open.length > 0 || notHealthy(summary) > 0;
  return {
    exitCode: seen.fault !== undefined ? exitCode.world : bad ? exitCode.problems : exitCode.ok,
    result: {
      history: folder,
      at: new Date(seen.at).toISOString(),
      target: seen.target,
      fault: seen.fault ?? null,
      proofs: seen.proofs ?? null,
      datasets: listed(seen.datasets).map(({ missing = null, ...dataset }) => ({ ...dataset, missing })),
      peers: listed(seen.peers).map(({ id, name, region, up, free }) => ({
        id,
        name: name ?? null,
        region: region ?? null,
        up,
        freeSpace: free ?? null,
      })),
      places: listed(seen.places).map(({ id, region, ok, ms, fault }) => ({
        id,
        region: region ?? null,
        ok,
        ms,
        fault: fault ?? null,
      })),
      incidents: open.map(({ kind, id, severity, what, openedAt }) => ({
        kind,
        id,
        severity,
        what,
        openedAt: new Date(openedAt).toISOString(),
      })),
      alerts,
    },
    quiet: open.map(({ kind, id, what }) => escapeText(`${kind} ${id}: ${what}`)).join('\n'),
    text: (paint: Paint) =>
      [
        headline(summary, paint),
        ...open.map(
          ({ kind, id, what, openedAt }) =>
            `  ${paint.red('✗')} ${escapeText(`${kind} ${id}: ${what}`)} ${paint.dim(`(since ${new Date(openedAt).toISOString()})`)}`,
        ),
        ...alerts
          .filter(({ type }) => type === 'incident.closed')
          .map(({ data }) => `  ${paint.green('✓')} ${escapeText(data.text)}`),
        paint.dim(`written to ${join(folder, new Date(seen.at).toISOString().slice(0, 7))}.jsonl`),
      ].join('\n'),
  };
}

const listed = <T>(record: Readonly<Record<string, T>>) =>
  Object.entries(record).map(([id, value]) => ({ id, ...value }));

const notHealthy = ({ datasets }: Summary): number =>
  datasets.filter(({ now }) => now?.health !== 'healthy').length;

function headline(summary: Summary, paint: Paint): string {
  const { datasets, peers, copies, fault } = summary;
  if (fault !== undefined) return `${paint.red('✗')} ${escapeText(fault)}`;
  const bad = notHealthy(summary);
  const up = peers.filter(({ now }) => now?.up).length;
  const average = copies === undefined ? '' : `, ${copies.average.toFixed(2)} copies on average`;
  const state =
    bad === 0
      ? `${count(datasets.length, 'dataset')} healthy`
      : `${bad} of ${count(datasets.length, 'dataset')} not healthy`;
  return `${bad === 0 ? paint.green('✓') : paint.red('✗')} ${state}${average}; ${up} of ${count(peers.length, 'peer')} up`;
}

const as = (text: string): string => text;
const plain = { green: as, red: as } as Paint;
