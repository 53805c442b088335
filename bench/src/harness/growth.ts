import type { Growth, Target } from './benchmark.ts';
import { exponent } from './statistics.ts';

export type Point = Growth['points'][number];

export function growth(operation: string, points: readonly Point[]): Growth {
  return { operation, points, exponent: exponent(points), lastExponent: exponent(points.slice(-2)) };
}

/**
 * Between the two largest sizes, where what an operation costs at any size no longer hides how it grows.
 * Linear is 1. Sorting, n log n, comes to 1.12 from 1,000 to 10,000, and garbage that outgrows the young generation adds
 * as much: README.md explains what is above 1. What is wrongly made grows with 1.5 or 2.
 */
export function linearTarget({ operation, points, lastExponent }: Growth): Target {
  const [from, to] = points.slice(-2).map(({ n }) => n);
  const name = `${operation}, exponent from ${from} to ${to}`;
  return { name, limit: 1.25, sense: 'at-most', seen: lastExponent, unit: '' };
}
