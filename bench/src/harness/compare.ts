import { type Command, measure, type Sample } from './measure.ts';
import { median } from './statistics.ts';

export interface Side {
  readonly label: string;
  readonly command: Command;
  /** Run before each measured run, outside the clock. */
  readonly prepare?: () => Promise<void>;
}

export interface Comparison {
  readonly name: string;
  readonly sides: readonly SideResult[];
  /** The first side's median pair-wise ratio to each other side: wall time, then CPU time, then peak memory. */
  readonly ratios: readonly Ratio[];
}

export interface SideResult {
  readonly label: string;
  readonly samples: readonly Sample[];
  /** What each run reported, where the comparison reads it; in seconds. */
  readonly inner: readonly number[];
}

export interface Ratio {
  readonly to: string;
  readonly wall: number;
  readonly wallLow: number;
  readonly wallHigh: number;
  readonly cpu: number;
  readonly memory: number;
  /** Of what the runs reported. */
  readonly inner?: number;
}

export interface CompareOptions {
  readonly runs: number;
  readonly warmups: number;
  /** Throws when the outputs of the sides do not say the same; a time counts only after that. */
  readonly agree?: (outputs: readonly string[]) => void;
  /** Seconds of work that a run tells of itself, without its start. */
  readonly inner?: (stdout: string) => number;
  readonly onRun?: (label: string, seconds: number) => void;
}

/** Sides in turns, A B A B …, so that a machine that slows down slows them alike. */
export async function compare(
  name: string,
  sides: readonly Side[],
  options: CompareOptions,
): Promise<Comparison> {
  const samples: Sample[][] = sides.map(() => []);
  const inner: number[][] = sides.map(() => []);
  for (let round = -options.warmups; round < options.runs; round++) {
    const outputs: string[] = [];
    for (const [index, side] of sides.entries()) {
      await side.prepare?.();
      const { sample, stdout } = await measure(side.command);
      outputs.push(stdout);
      if (round >= 0) {
        samples[index]?.push(sample);
        if (options.inner) inner[index]?.push(options.inner(stdout));
      }
      options.onRun?.(side.label, sample.wall);
    }
    options.agree?.(outputs);
  }
  const results = sides.map(({ label }, index) => ({
    label,
    samples: samples[index] ?? [],
    inner: inner[index] ?? [],
  }));
  const [ours, ...peers] = results;
  if (ours === undefined) throw new Error(`${name} has no side to measure`);
  return { name, sides: results, ratios: peers.map((peer) => ratio(ours, peer)) };
}

function ratio(ours: SideResult, peer: SideResult): Ratio {
  const pairs = ours.samples.map((sample, index) => [sample, peer.samples[index] ?? sample] as const);
  const walls = pairs.map(([a, b]) => a.wall / b.wall);
  return {
    to: peer.label,
    wall: median(walls),
    wallLow: Math.min(...walls),
    wallHigh: Math.max(...walls),
    cpu: median(pairs.map(([a, b]) => (a.user + a.system) / Math.max(b.user + b.system, 1e-9))),
    memory: median(pairs.map(([a, b]) => a.peakBytes / b.peakBytes)),
    ...(ours.inner.length > 0 && {
      inner: median(ours.inner.map((seconds, index) => seconds / (peer.inner[index] ?? Number.NaN))),
    }),
  };
}
