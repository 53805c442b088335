import { defineConfig, type ViteUserConfig } from 'vitest/config';

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
      // Real peers gossip at their own pace. On a busy CI machine a test may try twice; the log names each that did.
      retry: process.env.CI ? 1 : 0,
      onConsoleLog: () => {
        throw new Error('a test printed to the console');
      },
      ...options,
    },
  });
}
