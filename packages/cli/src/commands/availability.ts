import { setTimeout as sleep } from 'node:timers/promises';
import { count, escapeText } from '@holdfast/manifest/text';
import { type AvailabilityReport, createMonitor, type PlaceReport } from '@holdfast/retrieval';
import { cidOf } from '../content/cid-operand.ts';
import { sourceFlags, sourcesFor } from '../content/source-flags.ts';
import { defineCommand, type Report } from '../frame/command.ts';
import { exitCode } from '../frame/exit-code.ts';
import { Misuse } from '../frame/misuse.ts';
import type { Paint } from '../frame/paint.ts';
import { watched, watchFlags } from '../frame/watched.ts';
import { readManifestFile, sourcesOf } from '../manifest/manifest-file.ts';

const perRound = 1_000;

export const availability = defineCommand({
  operands: 'FILE|CID',
  names: 'datasets',
  arity: [1, 1],
  flags: {
    ...sourceFlags,
    rounds: { type: 'string', value: 'N', about: 'look so many times, a second apart; default: 1' },
    ...watchFlags,
  },
  about:
    'Fetches the first block of the content from each place and hashes it, and asks each whether it has the block itself. Changes nothing, and makes no place fetch what it lacks but that block.',
  examples: [
    {
      about: 'a dataset at two gateways',
      command:
        'holdfast availability manifests/tides-v1.0.0.json --gateway http://127.0.0.1:8080 --gateway https://trustless-gateway.link',
    },
    {
      about: 'until you end it, a look each minute',
      command: 'holdfast availability tides --watch --every 1m --gateway http://127.0.0.1:8080',
    },
    {
      about: 'for a longer look',
      command:
        'holdfast availability bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi --rounds 60 --json',
    },
  ],
  async run({ operands: [operand = ''], flags }, tools) {
    const rounds = roundsOf(flags.rounds);
    const file = cidOf(operand) === undefined ? await readManifestFile(tools.cwd, operand) : undefined;
    if (file && !file.result.ok) {
      const { problems } = file.result;
      const sources = sourcesOf([file]);
      return { exitCode: exitCode.problems, result: null, problems, sources, text: () => '' };
    }
    const cid = cidOf(operand) ?? (file?.result.ok ? file.result.manifest.dataset.cid : '');
    const monitor = createMonitor(await sourcesFor(flags, tools), { sentinel: cid, cids: [cid] });
    if (flags.watch) {
      let done = 0;
      return watched(async () => reportOf(await monitor.round(tools.signal), cid, ++done), flags, tools);
    }
    let report = await monitor.round(tools.signal);
    for (let done = 1; done < rounds; done++) {
      tools.progress({ phase: 'probing', done, total: rounds, unit: 'seconds' });
      await sleep(perRound, undefined, { signal: tools.signal });
      report = await monitor.round(tools.signal);
    }
    return reportOf(report, cid, rounds);
  },
});

function reportOf(report: AvailabilityReport, cid: string, rounds: number): Report {
  const up = report.places.filter(({ state }) => state === 'up').length;
  return {
    exitCode: up === report.places.length ? exitCode.ok : exitCode.problems,
    result: { cid, rounds, places: report.places.map((place) => shape(place, cid)), sla: slaShape(report) },
    quiet: `${up}/${report.places.length}`,
    text: (paint) => report.places.map((place) => line(place, cid, paint)).join('\n'),
  };
}

function roundsOf(given: string | undefined): number {
  if (given === undefined) return 1;
  if (/^[1-9]\d{0,5}$/.test(given)) return Number(given);
  throw new Misuse(`--rounds expected a whole number from 1, got ${JSON.stringify(given)}`, '--rounds 60');
}

function shape({ copies, ...place }: PlaceReport, cid: string) {
  const known = (value: number | undefined) => (value === undefined ? null : Math.round(value * 10) / 10);
  return {
    source: place.source,
    state: place.state,
    copy: copies[cid] ?? 'unknown',
    p50Ms: known(place.p50Ms),
    p95Ms: known(place.p95Ms),
    p99Ms: known(place.p99Ms),
    fault: place.lastFault ?? null,
  };
}

function slaShape({ sla }: AvailabilityReport) {
  const { verdict, target, samples, needed, availability = null } = sla;
  return { verdict, target, samples, needed, availability };
}

function line(place: PlaceReport, cid: string, paint: Paint): string {
  const name = paint.bold(place.source);
  if (place.state !== 'up') return `${paint.red('✗')} ${name}: ${escapeText(place.lastFault ?? place.state)}`;
  const copy = {
    here: 'has a copy',
    elsewhere: 'has no copy itself',
    unknown: 'does not say whether it has a copy',
  };
  const times = `${Math.round(place.p50Ms ?? 0)} ms`;
  return `${paint.green('✓')} ${name}: served in ${times}, ${copy[place.copies[cid] ?? 'unknown']} (${count(place.samples, 'look')})`;
}
