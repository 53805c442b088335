import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

/** Kilobytes of a web page that uses one function of the built packages. */
async function kilobytes(name: string, from: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: {
      contents: `import { ${name} } from '${from}'; globalThis.used = ${name};`,
      resolveDir: join(import.meta.dirname, '../../packages/manifest'),
    },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    write: false,
  });
  return (outputFiles[0]?.contents.byteLength ?? Number.POSITIVE_INFINITY) / 1000;
}

it.each([
  ['sha256', '@holdfast/manifest', 6.5],
  ['sha256', '@holdfast/manifest/sha256', 6.5],
  ['verifyManifest', '@holdfast/manifest', 40],
])('%s of %s takes at most %d kB', async (name, from, limit) => {
  expect(await kilobytes(name, from)).toBeLessThanOrEqual(limit);
});
