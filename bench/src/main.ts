// `npm run bench [name …] [-- --quick --runs N --out FOLDER]`: both sides in turns, judged by ratios only.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benchmarks } from './benchmarks.ts';
import { type Benchmark, met, type Outcome, type Target } from './harness/benchmark.ts';
import { describeMachine } from './harness/machine.ts';
import { type Report, renderMarkdown } from './harness/report.ts';

/** A quick run fails only when a ratio is worse than its target by a third: noise does not reach that. */
const GROSS = 4 / 3;

const width = Math.max(...benchmarks.map(({ name }) => name.length));
const usage = `Usage: npm run bench -- [NAME…] [--quick] [--runs N] [--out FOLDER]

Measures both sides in turns and judges their ratios: all benchmarks, or those that are named.

  --quick       the subset of CI, which fails only where a promise is missed by a third; writes nothing
  --runs N      runs of each side; ${runsOf(false)} unless told otherwise, ${runsOf(true)} with --quick
  --out FOLDER  where the tables go; bench/results unless told otherwise
  --help        this text

${benchmarks.map(({ name, says }) => `  ${name.padEnd(width)}  ${says}`).join('\n')}`;

const { values, positionals } = readArguments();
if (values.help) {
  console.log(usage);
  process.exit(0);
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        quick: { type: 'boolean', default: false },
        runs: { type: 'string' },
        out: { type: 'string', default: 'bench/results' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    return misuse((error as Error).message.replace(/\. To specify.*/s, ''));
  }
}

function misuse(what: string): never {
  console.error(`bench: ${what}\n\n${usage}`);
  process.exit(2);
}

function runsOf(quick: boolean): number {
  return quick ? 3 : 5;
}

function chosen(): readonly Benchmark[] {
  const unknown = positionals.filter((name) => !benchmarks.some((benchmark) => benchmark.name === name));
  if (unknown.length > 0) misuse(`unknown benchmark ${unknown.join(', ')}`);
  return benchmarks.filter((benchmark) =>
    positionals.length > 0 ? positionals.includes(benchmark.name) : !values.quick || benchmark.quick,
  );
}

const allowed = (target: Target): Target => ({
  ...target,
  limit: target.sense === 'at-most' ? target.limit * GROSS : target.limit / GROSS,
});
const isGross = (target: Target) => !met(allowed(target));

/** In the quick subset a gross miss is looked at once more: other work on the machine may have been in the way. */
async function outcomeOf(benchmark: Benchmark, runs: number): Promise<Outcome> {
  const outcome = await runOne(benchmark, runs);
  if (!values.quick || !outcome.targets.some(isGross)) return outcome;
  console.error('  grossly missed: once more');
  return runOne(benchmark, runs);
}

/** One that fails does not take the figures of the others with it. */
async function outcomeOrFailure(benchmark: Benchmark, runs: number): Promise<Outcome> {
  try {
    return await outcomeOf(benchmark, runs);
  } catch (error) {
    failed.push(benchmark.name);
    console.error(error);
    const message = error instanceof Error ? error.message : String(error);
    return { comparisons: [], targets: [], notes: [`**Failed**: ${message}`] };
  }
}

async function runOne(benchmark: Benchmark, runs: number): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), `holdfast-bench-${benchmark.name}-`));
  const cleanups: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true })];
  try {
    return await benchmark.run({
      folder,
      node: process.execPath,
      quick: values.quick,
      runs,
      log: (line) => console.error(`  ${line}`),
      onCleanup: (cleanup) => cleanups.unshift(cleanup),
    });
  } finally {
    for (const cleanup of cleanups) await cleanup();
  }
}

const runs = Number(values.runs ?? runsOf(values.quick));
if (!Number.isSafeInteger(runs) || runs < 1)
  misuse(`--runs expected a whole number from 1, got ${values.runs}`);
const machine = describeMachine();
const failed: string[] = [];
const outcomes: Report['outcomes'][number][] = [];
for (const benchmark of chosen()) {
  const started = performance.now();
  console.error(`${benchmark.name}: ${benchmark.says}`);
  outcomes.push({
    name: benchmark.name,
    says: benchmark.says,
    outcome: await outcomeOrFailure(benchmark, runs),
  });
  console.error(`  took ${((performance.now() - started) / 1000).toFixed(0)} s`);
}
const report: Report = {
  machine,
  date: new Date().toISOString().slice(0, 10),
  runs,
  quick: values.quick,
  outcomes,
};
console.log(renderMarkdown(report));
if (!values.quick) {
  await mkdir(values.out, { recursive: true });
  const name = positionals.length > 0 ? positionals.join('-') : 'all';
  await writeFile(join(values.out, `${name}.md`), renderMarkdown(report));
  await writeFile(join(values.out, `${name}.json`), `${JSON.stringify(report, null, 2)}\n`);
}
const targets = outcomes.flatMap(({ outcome }) => outcome.targets);
const missed = targets.filter((target) => !met(target));
for (const target of missed)
  console.error(`not met: ${target.name}: ${target.seen.toFixed(2)} ${target.unit}`);
for (const name of failed) console.error(`failed: ${name}`);
const bad = values.quick ? targets.filter(isGross) : missed;
process.exitCode = bad.length + failed.length > 0 ? 1 : 0;
