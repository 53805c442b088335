import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { published } from '../packages/published.ts';

const root = join(import.meta.dirname, '../..');

/**
 * An empty project with the published packages as their tarballs have them. Third-party packages are linked from the workspace, and only
 * those that a tarball's `dependencies` names: nothing is downloaded, and what is missing there is missing here.
 */
export function packedProject(folder: string): void {
  const modules = join(folder, 'node_modules');
  const tarballs = join(folder, 'tarballs');
  mkdirSync(tarballs, { recursive: true });
  const folders = published.map(({ folder }) => folder);
  execFileSync('npm', ['pack', '--silent', '--pack-destination', tarballs, ...folders], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  for (const tarball of globSync('*.tgz', { cwd: tarballs })) unpack(join(tarballs, tarball), modules);
  for (const { name, folder, manifest } of published) {
    const installed = JSON.parse(readFileSync(join(modules, name, 'package.json'), 'utf8'));
    for (const dependency of Object.keys(installed.dependencies ?? manifest.dependencies ?? {})) {
      if (!published.some((other) => other.name === dependency)) link(dependency, folder, modules);
    }
  }
  for (const name of ['@types/node', 'typescript']) link(name, root, modules);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', private: true }));
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
}

/** The strictest a reader's project may be; `skipLibCheck` off, so that our declarations are checked too. */
const compilerOptions = {
  target: 'es2023',
  lib: ['es2024', 'esnext.disposable', 'dom'],
  module: 'nodenext',
  types: ['node'],
  noEmit: true,
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  erasableSyntaxOnly: true,
};

function unpack(tarball: string, modules: string): void {
  const text = execFileSync('tar', ['-xzOf', tarball, 'package/package.json'], { encoding: 'utf8' });
  const to = join(modules, JSON.parse(text).name);
  mkdirSync(to, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '--strip-components=1', '-C', to]);
}

function link(name: string, from: string, modules: string): void {
  const places = createRequire(join(from, 'package.json')).resolve.paths(name) ?? [];
  const target = places.map((place) => join(place, name)).find((place) => existsSync(place));
  if (target === undefined) throw new Error(`${name} is not installed`);
  const to = join(modules, name);
  mkdirSync(dirname(to), { recursive: true });
  if (!existsSync(to)) symlinkSync(target, to);
}
