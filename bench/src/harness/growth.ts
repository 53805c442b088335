import type { Growth, Target } from './benchmark.ts';
import { exponent } from './statistics.ts';

export type Point = Growth['points'][number];

export function growth(operation: string, points: readonly Point[]): Growth {
  return { operation, points, exponent: exponent(points), lastExponent: exponent(points.slice(-2)) };
}

/**
 * Between the two largest sizes, where what an operation costs at any size no longer hides how it grows.
 * Linear is 1; a cost that is really n log n comes to about 1.1, and caches that overflow add some.
 */
export function linearTarget({ operation, points, lastExponent }: Growth): Target {
  const [from, to] = points.slice(-2).map(({ n }) => n);
  const name = `${operation}, exponent from ${from} to ${to}`;
  return { name, limit: 1.15, sense: 'at-most', seen: lastExponent, unit: '' };
}
