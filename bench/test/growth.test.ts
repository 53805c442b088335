import { describe, expect, it } from 'vitest';
import { met } from '../src/harness/benchmark.ts';
import { growth, linearTarget } from '../src/harness/growth.ts';

const sizes = [10, 100, 1000, 10_000];

describe('growth', () => {
  it('is judged where the start no longer hides it', () => {
    const linear = growth(
      'read',
      sizes.map((n) => ({ n, cost: 0.05 + n * 1e-5 })),
    );
    expect(linear.exponent).toBeLessThan(0.5);
    expect(met(linearTarget(linear))).toBe(true);

    const quadratic = growth(
      'read',
      sizes.map((n) => ({ n, cost: 0.01 + n ** 2 * 1e-8 })),
    );
    expect(quadratic.exponent).toBeLessThan(1);
    expect(quadratic.lastExponent).toBeGreaterThan(1.25);
    expect(met(linearTarget(quadratic))).toBe(false);
    expect(linearTarget(quadratic).name).toBe('read, exponent from 1000 to 10000');
  });
});
