import type { Target } from './benchmark.ts';
import type { Comparison } from './compare.ts';
import { median } from './statistics.ts';

/** Our wall time to a peer's, by the median of the pairs. */
export function timeTarget(comparison: Comparison, to: string, limit: number): Target {
  const name = `${comparison.name}: wall time to that of ${to}`;
  return { name, limit, sense: 'at-most', seen: ratioTo(comparison, to).wall, unit: '×' };
}

/** How many times faster than a peer. */
export function speedTarget(comparison: Comparison, to: string, limit: number): Target {
  const name = `${comparison.name}: times as fast as ${to}`;
  return { name, limit, sense: 'at-least', seen: 1 / ratioTo(comparison, to).wall, unit: '×' };
}

/** The most memory that any of our runs took. */
export function memoryTarget(comparison: Comparison, mebibytes: number): Target {
  const peak = Math.max(...(comparison.sides[0]?.samples ?? []).map(({ peakBytes }) => peakBytes));
  const name = `${comparison.name}: peak memory`;
  return { name, limit: mebibytes, sense: 'at-most', seen: peak / 2 ** 20, unit: 'MiB' };
}

/** Our median time by the clock, for what is promised in seconds. */
export function secondsTarget(comparison: Comparison, limit: number): Target {
  const seen = median((comparison.sides[0]?.samples ?? []).map(({ wall }) => wall));
  return { name: `${comparison.name}: wall time`, limit, sense: 'at-most', seen, unit: 's' };
}

export function ratioTo(comparison: Comparison, to: string): Comparison['ratios'][number] {
  const ratio = comparison.ratios.find((each) => each.to === to);
  if (ratio === undefined) throw new Error(`${comparison.name} was not compared to ${to}`);
  return ratio;
}

/** For `agree`: every side has to say the same, however much white space is around it. */
export function sameOutput(outputs: readonly string[]): void {
  const said = new Set(outputs.map((output) => output.trim()));
  if (said.size !== 1) throw new Error(`expected one answer of all sides, got ${[...said].join(' and ')}`);
}
