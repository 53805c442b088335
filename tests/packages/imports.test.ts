import { globSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { published } from './published.ts';

/** The package that an import asks for: `@scope/name/deep` is `@scope/name`. */
const packageOf = (specifier: string): string => /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;

function imported(folder: string): Set<string> {
  const files = globSync('dist/**/*.{js,d.ts}', { cwd: folder });
  const specifiers = files.flatMap((file) =>
    ts.preProcessFile(readFileSync(join(folder, file), 'utf8')).importedFiles.map(({ fileName }) => fileName),
  );
  return new Set(specifiers.filter((name) => !name.startsWith('.') && !isBuiltin(name)).map(packageOf));
}

describe.each(published)('$name', ({ name, folder, manifest }) => {
  it('depends on what its dist imports, and on nothing else', () => {
    const others = [...imported(folder)].filter((specifier) => specifier !== name);
    const named = { ...manifest.dependencies, ...manifest.peerDependencies };
    expect(Object.keys(named).sort()).toEqual(others.sort());
  });

  it('imports its own files by the names that dist has', () => {
    const files = globSync('dist/**/*.{js,d.ts}', { cwd: folder });
    const own = files.flatMap((file) =>
      ts
        .preProcessFile(readFileSync(join(folder, file), 'utf8'))
        .importedFiles.filter(({ fileName }) => fileName.startsWith('.'))
        .map(({ fileName }) => fileName),
    );
    expect(own.filter((specifier) => !specifier.endsWith('.js'))).toEqual([]);
  });
});
