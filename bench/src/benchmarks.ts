import type { Benchmark } from './harness/benchmark.ts';

/** Every benchmark there is, in the order they run. */
export const benchmarks: readonly Benchmark[] = [];
