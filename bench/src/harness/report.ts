import { met, type Outcome, type Target } from './benchmark.ts';
import type { Comparison } from './compare.ts';
import type { Machine } from './machine.ts';
import { median } from './statistics.ts';

export interface Report {
  readonly machine: Machine;
  readonly date: string;
  readonly runs: number;
  readonly quick: boolean;
  readonly outcomes: readonly { readonly name: string; readonly says: string; readonly outcome: Outcome }[];
}

const seconds = (value: number): string =>
  value >= 1
    ? `${value.toFixed(2)} s`
    : value >= 0.01
      ? `${(value * 1000).toFixed(0)} ms`
      : `${(value * 1000).toFixed(2)} ms`;
const mebibytes = (value: number): string => `${(value / 2 ** 20).toFixed(0)} MiB`;
const figure = (value: number): string => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2));

export function renderMarkdown(report: Report): string {
  const { machine } = report;
  const lines = [
    `${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.platform}, Node ${machine.node}, ${report.date}, load ${machine.load.toFixed(1)} before it began, ${report.runs} runs${report.quick ? ', quick subset' : ''}. Ratios are medians of pairs; only they are judged.`,
    '',
    ...renderTargets(report.outcomes),
    '',
  ];
  for (const { name, says, outcome } of report.outcomes) {
    lines.push(`## ${name}`, '', says, '');
    for (const comparison of outcome.comparisons) lines.push(...renderComparison(comparison), '');
    if (outcome.growth?.length) lines.push(...renderGrowth(outcome), '');
    for (const note of outcome.notes ?? []) lines.push(`- ${note}`);
    if (outcome.notes?.length) lines.push('');
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

function renderComparison(comparison: Comparison): string[] {
  const rows = comparison.sides.map((side, index) => {
    const walls = side.samples.map((sample) => sample.wall);
    const ratio = comparison.ratios[index - 1];
    const ratioText = ratio
      ? `${figure(ratio.wall)} (${figure(ratio.wallLow)}–${figure(ratio.wallHigh)})`
      : '';
    const cpu = median(side.samples.map((sample) => sample.user + sample.system));
    const peak = median(side.samples.map((sample) => sample.peakBytes));
    return `| ${side.label} | ${seconds(median(walls))} | ${seconds(Math.min(...walls))}–${seconds(Math.max(...walls))} | ${seconds(cpu)} | ${mebibytes(peak)} | ${ratioText} |`;
  });
  return [
    `**${comparison.name}**`,
    '',
    '| | median | spread | processor | peak memory | our time to it |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...rows,
  ];
}

function renderGrowth(outcome: Outcome): string[] {
  return [
    '| operation | cost by size | exponent, all sizes | exponent, two largest |',
    '| --- | --- | ---: | ---: |',
    ...(outcome.growth ?? []).map(
      (growth) =>
        `| ${growth.operation} | ${growth.points.map((point) => `${point.n}: ${seconds(point.cost)}`).join(', ')} | ${growth.exponent.toFixed(2)} | ${growth.lastExponent.toFixed(2)} |`,
    ),
  ];
}

/** Every promise in one place: what most readers came for. */
function renderTargets(outcomes: Report['outcomes']): string[] {
  const line = (name: string, target: Target): string => {
    const { limit, seen, unit } = target;
    const sign = target.sense === 'at-most' ? '≤' : '≥';
    const of = (value: number) => `${figure(value)} ${unit}`.trim();
    return `| ${name} | ${target.name} | ${sign} ${of(limit)} | ${of(seen)} | ${met(target) ? 'met' : '**not met**'} |`;
  };
  return [
    '| benchmark | target | wanted | seen | |',
    '| --- | --- | ---: | ---: | --- |',
    ...outcomes.flatMap(({ name, outcome }) => outcome.targets.map((target) => line(name, target))),
  ];
}
