import { defineConfig } from 'vitest/config';
import { reporters } from './config/vitest.base.ts';

export default defineConfig({
  test: {
    projects: [
      'packages/*/vitest.config.ts',
      'actions/*/vitest.config.ts',
      'tests/vitest.config.ts',
      'bench/vitest.config.ts',
    ],
    reporters: reporters(),
  },
});
