import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { published } from './published.ts';

/** The files that `npm publish` would send. */
function packed(folder: string): string[] {
  const output = execFileSync('npm', ['pack', '--dry-run', '--json'], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [report] = Object.values(JSON.parse(output)) as { files: { path: string }[] }[];
  if (report === undefined) throw new Error(`npm pack said nothing about ${folder}`);
  return report.files.map(({ path }) => path);
}

describe.each(published)('the tarball of $name', ({ folder, manifest }) => {
  const files = packed(folder);

  it('has its licenses and a README', () => {
    expect(files).toEqual(
      expect.arrayContaining(['LICENSE', 'LICENSE-APACHE', 'LICENSE-MIT', 'README.md', 'package.json']),
    );
  });

  it('has the licenses of the packages that are bundled in it', () => {
    const bundled = manifest.bin !== undefined;
    expect(files.includes('dist/THIRD-PARTY-LICENSES.txt')).toBe(bundled);
    if (!bundled) return;
    const text = readFileSync(join(folder, 'dist/THIRD-PARTY-LICENSES.txt'), 'utf8');
    expect(text).toMatch(/^zod \d+\.\d+\.\d+ \(MIT\)\n\nMIT License/m);
    expect(text).toMatch(/^multiformats \d+\.\d+\.\d+ \(Apache-2\.0 OR MIT\)/m);
  });

  it('has each source once', () => {
    const maps = files.filter((file) => file.endsWith('.js.map'));
    for (const map of maps) {
      const { sources, sourcesContent } = JSON.parse(readFileSync(join(folder, map), 'utf8'));
      expect({ map, sourcesContent }).toEqual({ map, sourcesContent: undefined });
      for (const source of sources) expect(files).toContain(join(map, '..', source));
    }
    expect(maps.length > 0).toBe(files.some((file) => file.startsWith('src/')));
  });

  it('has nothing that only the workspace needs', () => {
    expect(
      files.filter((file) =>
        /(^|\/)(test|examples|scripts)\/|tsconfig|vitest|tsup|\.tsbuildinfo$/.test(file),
      ),
    ).toEqual([]);
  });
});
