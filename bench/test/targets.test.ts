import { describe, expect, it } from 'vitest';
import { met } from '../src/harness/benchmark.ts';
import type { Comparison } from '../src/harness/compare.ts';
import type { Sample } from '../src/harness/measure.ts';
import { type Report, renderMarkdown } from '../src/harness/report.ts';
import {
  memoryTarget,
  ratioTo,
  sameOutput,
  secondsTarget,
  speedTarget,
  timeTarget,
} from '../src/harness/targets.ts';

const sample = (wall: number): Sample => ({
  startedAt: 0,
  wall,
  user: wall,
  system: 0,
  peakBytes: 100 * 2 ** 20,
});

const comparison: Comparison = {
  name: 'hashing',
  sides: [
    { label: 'ours', samples: [sample(1), sample(3), sample(2)], inner: [] },
    { label: 'theirs', samples: [sample(4), sample(4), sample(4)], inner: [] },
  ],
  ratios: [{ to: 'theirs', wall: 0.5, wallLow: 0.25, wallHigh: 0.75, cpu: 0.5, memory: 1 }],
};

describe('a target', () => {
  it('is met or not, in the sense it has', () => {
    expect(met(timeTarget(comparison, 'theirs', 0.5))).toBe(true);
    expect(met(timeTarget(comparison, 'theirs', 0.4))).toBe(false);
    expect(met(speedTarget(comparison, 'theirs', 2))).toBe(true);
    expect(met(speedTarget(comparison, 'theirs', 2.1))).toBe(false);
    expect(secondsTarget(comparison, 2)).toMatchObject({ seen: 2, unit: 's' });
    expect(memoryTarget(comparison, 99)).toMatchObject({ seen: 100, unit: 'MiB' });
  });

  it('is not met by a figure that is not there', () => {
    const missing = { name: 'x', limit: 1, sense: 'at-most', seen: Number.NaN, unit: '×' } as const;
    expect(met(missing)).toBe(false);
    expect(met({ ...missing, sense: 'at-least' })).toBe(false);
    expect(() => ratioTo(comparison, 'nobody')).toThrow('hashing was not compared to nobody');
  });
});

describe('sameOutput', () => {
  it('lets sides agree or ends the comparison', () => {
    expect(() => sameOutput(['a\n', ' a'])).not.toThrow();
    expect(() => sameOutput(['a', 'b'])).toThrow('expected one answer of all sides, got a and b');
  });
});

describe('the report', () => {
  it('has a line for each side and each target, and says what machine it was', () => {
    const report: Report = {
      machine: {
        processor: 'Abacus',
        cores: 2,
        memoryGiB: 4,
        platform: 'linux x64',
        node: 'v26.0.0',
        load: 0.25,
      },
      date: '2026-11-21',
      runs: 3,
      quick: false,
      outcomes: [
        {
          name: 'hash',
          says: 'a file',
          outcome: { comparisons: [comparison], targets: [timeTarget(comparison, 'theirs', 0.4)] },
        },
      ],
    };
    const page = renderMarkdown(report);
    expect(page).toContain(
      'Abacus, 2 cores, 4 GiB, linux x64, Node v26.0.0, 2026-11-21, load 0.3 before it began, 3 runs.',
    );
    expect(page).toContain('| ours | 2.00 s | 1.00 s–3.00 s | 2.00 s | 100 MiB |  |');
    expect(page).toContain('| theirs | 4.00 s | 4.00 s–4.00 s | 4.00 s | 100 MiB | 0.50 (0.25–0.75) |');
    expect(page).toContain(
      '| hash | hashing: wall time to that of theirs | ≤ 0.40 × | 0.50 × | **not met** |',
    );
  });
});
