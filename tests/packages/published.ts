import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '../..');

export interface PublishedPackage {
  readonly name: string;
  readonly folder: string;
  readonly manifest: Record<string, unknown> & {
    readonly dependencies?: Readonly<Record<string, string>>;
    readonly peerDependencies?: Readonly<Record<string, string>>;
    readonly bin?: Readonly<Record<string, string>>;
  };
}

/** What goes to the registry, as `npm run build` left it. */
export const published: readonly PublishedPackage[] = globSync('packages/*/package.json', { cwd: root })
  .map((file) => ({ file: join(root, file), manifest: JSON.parse(readFileSync(join(root, file), 'utf8')) }))
  .filter(({ manifest }) => manifest.private !== true)
  .map(({ file, manifest }) => ({ name: manifest.name, folder: dirname(file), manifest }));

for (const { name, folder } of published) {
  if (!existsSync(join(folder, 'dist/index.js')))
    throw new Error(`${name} has no dist: \`npm run build\` first`);
}
