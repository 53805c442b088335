import { globSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { findEngine } from '../../packages/testkit/src/index.ts';
import { findZizmor } from './zizmor.ts';

export interface Check {
  readonly name: string;
  /** What is true when it passes. */
  readonly says: string;
  /** What to do when it fails. */
  readonly fix: string;
  readonly commands: () => Promise<readonly (readonly string[])[]>;
}

const published = [
  'packages/manifest',
  'packages/http',
  'packages/content',
  'packages/repository',
  'packages/pinning',
  'packages/datasets',
  'packages/retrieval',
  'packages/watch',
  'packages/site',
  'packages/cli',
];
const workflows = (): string[] =>
  readdirSync('.github/workflows')
    .filter((name) => name.endsWith('.yml'))
    .map((name) => `.github/workflows/${name}`);

/** The packages and actions, which people work on one at a time. */
const looped = (): string[] =>
  globSync('{packages,actions}/*/vitest.config.ts').map((file) => basename(dirname(file)));

/** Files that a command writes and that are committed all the same. */
const generated = (): string[] =>
  readFileSync('scripts/check/generated.txt', 'utf8').split('\n').filter(Boolean);

export const checks: readonly Check[] = [
  {
    name: 'types',
    says: 'every package, script and test has sound types',
    fix: 'see the compiler’s lines above; `npx tsc -p packages/NAME` shows one package alone',
    commands: async () => [
      ['node', 'scripts/turbo.ts', 'run', 'types', '--output-logs=errors-only'],
      ['tsc', '-p', 'tsconfig.json'],
    ],
  },
  {
    name: 'lint',
    says: 'Biome finds nothing',
    fix: '`npm run format` fixes most of it',
    commands: async () => [['biome', 'check', '--error-on-warnings', '.']],
  },
  {
    name: 'dead-code',
    says: 'knip finds no unused file, export or dependency',
    fix: 'delete what nothing uses, or name it in knip.json with the reason',
    commands: async () => [['knip', '--no-progress']],
  },
  {
    name: 'built',
    says: 'bundles and generated files in the commit are what a build makes',
    fix: '`npm run build && npm run generate`, then commit what changed',
    commands: async () => [
      ['node', 'scripts/turbo.ts', 'run', 'build', '--force', '--output-logs=errors-only'],
      ['npm', 'run', 'generate', '--silent'],
      ['git', 'diff', '--exit-code', '--stat', 'HEAD', '--', ...generated()],
      ['node', 'scripts/check/untracked.ts', ...generated()],
    ],
  },
  {
    name: 'exports',
    says: 'what is published can be imported, with its types (publint, attw)',
    fix: 'correct `exports`, `types` or `files` in the package.json named above',
    commands: async () =>
      published.flatMap((folder) => [
        ['publint', '--strict', folder],
        ['attw', '--pack', folder, '--profile', 'esm-only', '--quiet'],
      ]),
  },
  {
    name: 'api',
    says: 'the API reference builds without a warning',
    fix: 'export what a signature names, or fix the link above; `npm run docs:api` writes it to .cache/api',
    commands: async () => [['typedoc', '--options', 'config/typedoc.json', '--emit', 'none']],
  },
  {
    name: 'workflows',
    says: 'actionlint finds nothing in the workflows',
    fix: 'see the lines above',
    commands: async () => [[await findEngine('actionlint'), '-no-color', ...workflows()]],
  },
  {
    name: 'workflow-security',
    says: 'zizmor finds nothing in the workflows and actions',
    fix: 'see the lines above; docs.zizmor.sh explains each audit',
    commands: async () => [
      [await findZizmor(), '--offline', '--no-progress', '--persona=pedantic', '.github', 'actions'],
    ],
  },
  {
    name: 'loop',
    says: 'the loop of each package passes, in the time it is to take',
    fix: 'make the tests quick that are new, or tag them slow: CONTRIBUTING.md, The loop for one package',
    commands: async () => [['node', 'scripts/check/loop-budget.ts', ...looped()]],
  },
  {
    name: 'bench',
    says: 'no promise of speed, size or memory is missed by more than a third',
    fix: '`npm run bench NAME` measures one in full; bench/README.md says how to profile it',
    commands: async () => [
      ['node', 'scripts/turbo.ts', 'run', 'build', '--output-logs=errors-only'],
      ['node', 'bench/src/main.ts', '--quick'],
    ],
  },
];
