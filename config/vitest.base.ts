import { availableParallelism } from 'node:os';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

/** .ci/run counts from the report, and says where it wants it. */
export function reporters(): NonNullable<NonNullable<ViteUserConfig['test']>['reporters']> {
  const outputFile = process.env.HOLDFAST_REPORT;
  return outputFile ? ['default', ['json', { outputFile }]] : ['default'];
}

/** Tests import packages from their sources, so that an edit is tested without a build. */
export function tests(name: string, options: NonNullable<ViteUserConfig['test']> = {}): ViteUserConfig {
  const conditions = ['@holdfast/source'];
  return defineConfig({
    resolve: { conditions },
    ssr: { resolve: { conditions, externalConditions: conditions } },
    test: {
      name,
      include: ['test/**/*.test.ts', 'src/**/*.test.ts'],
      environment: 'node',
      // Vitest leaves one core free, which of two is half, and engines mostly wait. A project does not inherit this.
      maxWorkers: Math.max(2, availableParallelism() - 1),
      tags: [
        { name: 'slow', description: 'waits or works for long by nature; `npm run loop` leaves it out' },
      ],
      // Only in CI, and only tests with engines, try twice.
      ...(process.env.CI && { runner: `${import.meta.dirname}/vitest.engine-runner.ts` }),
      // A hang ends some day; a busy machine never fails a test. What must be quick says so in a measure of its own.
      testTimeout: 300_000,
      hookTimeout: 300_000,
      expect: { poll: { timeout: 240_000 } },
      onConsoleLog: () => {
        throw new Error('a test printed to the console');
      },
      ...options,
    },
  });
}
