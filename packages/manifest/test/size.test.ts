import { build } from 'esbuild';
import { expect, test } from 'vitest';

// What a page loads for one name of the public API, minified.

test.each([
  ['verifyManifest', 40_000],
  ['sha256', 6_000],
  ['canonicalize', 2_000],
  ['readManifest', 85_000],
])('%s alone takes at most %d bytes', async (name, budget) => {
  const { outputFiles } = await build({
    stdin: { contents: `export { ${name} } from '@holdfast/manifest';`, resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    platform: 'browser',
    format: 'esm',
    conditions: ['@holdfast/source'],
    write: false,
  });
  expect(outputFiles[0]?.contents.length).toBeLessThanOrEqual(budget);
});
