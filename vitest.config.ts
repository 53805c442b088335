import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      'packages/*/vitest.config.ts',
      'actions/*/vitest.config.ts',
      'tests/vitest.config.ts',
      'bench/vitest.config.ts',
    ],
    // .ci/run counts from the report.
    reporters: process.env.CI
      ? ['default', ['json', { outputFile: 'node_modules/.cache/holdfast/tests.json' }]]
      : ['default'],
  },
});
