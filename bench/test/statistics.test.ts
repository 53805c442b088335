import { describe, expect, it } from 'vitest';
import { compare } from '../src/harness/compare.ts';
import { measure } from '../src/harness/measure.ts';
import { exponent, median } from '../src/harness/statistics.ts';

describe('statistics', () => {
  it('take the middle', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
  });

  it('find how cost grows', () => {
    const sizes = [10, 100, 1000];
    expect(exponent(sizes.map((n) => ({ n, cost: 3 * n })))).toBeCloseTo(1);
    expect(exponent(sizes.map((n) => ({ n, cost: n * n })))).toBeCloseTo(2);
  });
});

describe('measuring', () => {
  it('sees time and peak memory of the process itself', async () => {
    const program = 'const b = Buffer.alloc(200e6, 1); setTimeout(() => console.log(b.length), 100)';
    const { sample, stdout } = await measure({ argv: [process.execPath, '-e', program] });
    expect(stdout).toBe('200000000\n');
    expect(sample.wall).toBeGreaterThan(0.1);
    expect(sample.peakBytes).toBeGreaterThan(200e6);
  });

  it('refuses the time of a command that fails or cannot be started', async () => {
    await expect(measure({ argv: [process.execPath, '-e', 'process.exit(3)'] })).rejects.toThrow(
      'ended with 3',
    );
    await expect(measure({ argv: ['no-such-program-here'] })).rejects.toThrow('could not be started');
  });

  it('lets no time count when the sides disagree', async () => {
    const say = (word: string) => ({ label: word, command: { argv: ['echo', word] } });
    const agree = ([a, b]: readonly string[]) => {
      if (a !== b) throw new Error('sides disagree');
    };
    await expect(compare('echo', [say('a'), say('b')], { runs: 1, warmups: 0, agree })).rejects.toThrow(
      'disagree',
    );
    const same = await compare('echo', [say('a'), say('a')], { runs: 2, warmups: 1, agree });
    expect(same.ratios[0]?.wall).toBeGreaterThan(0);
  });
});
