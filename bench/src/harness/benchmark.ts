import type { Comparison } from './compare.ts';

/** One promise of speed, size or memory, with what was seen of it. */
export interface Target {
  /** For example `1 GiB file: wall time to Kubo's`. */
  readonly name: string;
  readonly limit: number;
  /** `at-most` for costs, `at-least` for "times faster". */
  readonly sense: 'at-most' | 'at-least';
  readonly seen: number;
  readonly unit: string;
}

export interface Growth {
  readonly operation: string;
  readonly points: readonly { readonly n: number; readonly cost: number }[];
  /** Fitted through all sizes. */
  readonly exponent: number;
  /** Of the two largest sizes alone. */
  readonly lastExponent: number;
}

export interface Outcome {
  readonly comparisons: readonly Comparison[];
  readonly targets: readonly Target[];
  readonly growth?: readonly Growth[];
  /** What a reader must know to read the figures. */
  readonly notes?: readonly string[];
}

export interface BenchmarkContext {
  /** An empty folder, removed afterwards. */
  readonly folder: string;
  /** The node that runs our side. */
  readonly node: string;
  /** Smaller inputs and fewer runs: for `npm run check`. */
  readonly quick: boolean;
  readonly runs: number;
  readonly log: (line: string) => void;
  /** Called on the way out, also after a failure. */
  readonly onCleanup: (cleanup: () => Promise<void>) => void;
}

export interface Benchmark {
  readonly name: string;
  /** What is compared, in a sentence. */
  readonly says: string;
  /** Part of the quick subset. */
  readonly quick: boolean;
  readonly run: (context: BenchmarkContext) => Promise<Outcome>;
}

export const met = (target: Target): boolean =>
  target.sense === 'at-most' ? target.seen <= target.limit : target.seen >= target.limit;
