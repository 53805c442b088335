import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type ICruiseOptions, type IRuleSetType } from 'dependency-cruiser';
import { afterAll, describe, expect, it } from 'vitest';
import { forbidden, options } from './arrows.rules.mjs';

const root = new URL('..', import.meta.url).pathname;
const made: string[] = [];
afterAll(() => Promise.all(made.map((folder) => rm(folder, { recursive: true }))));

async function violations(baseDir: string): Promise<string[]> {
  const { tsConfig: _, ...rest } = options;
  const result = await cruise(['packages', 'actions'], {
    ...(rest as ICruiseOptions),
    baseDir,
    validate: true,
    ruleSet: { forbidden } as IRuleSetType,
  });
  if (typeof result.output === 'string') throw new Error('expected a result object');
  return result.output.summary.violations.map((v) => `${v.rule.name}: ${v.from} -> ${v.to}`);
}

/** A tree with one file that breaks one arrow. */
async function treeWith(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-arrows-'));
  made.push(folder);
  await mkdir(join(folder, 'actions'), { recursive: true });
  await mkdir(join(folder, 'packages'), { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

describe('import arrows', () => {
  it('hold in the workspace', { timeout: 60_000 }, async () => {
    expect(await violations(root)).toEqual([]);
  });

  it.each([
    ['manifest-imports', 'packages/manifest/src/a.ts', '../../content/src/b.ts'],
    ['content-imports', 'packages/content/src/a.ts', '../../pinning/src/b.ts'],
    ['pinning-imports', 'packages/pinning/src/a.ts', '../../content/src/b.ts'],
    ['actions-import-packages', 'actions/pin-on-merge/src/a.ts', '../../validate-manifests/src/b.ts'],
    ['manifest-is-pure', 'packages/manifest/src/a.ts', 'node:fs'],
    ['processes-where-they-belong', 'packages/content/src/a.ts', 'node:child_process'],
    ['github-toolkit-in-action-kit', 'actions/pin-on-merge/src/run.ts', '@actions/core'],
    ['no-cycles', 'packages/manifest/src/a.ts', './a2.ts'],
  ])('see red: %s', { timeout: 30_000 }, async (rule, from, to) => {
    const target = to.startsWith('.') ? join(dirname(from), to) : undefined;
    const back = rule === 'no-cycles' ? "import './a.ts';\n" : 'export {};\n';
    const tree = await treeWith({ [from]: `import '${to}';\n`, ...(target ? { [target]: back } : {}) });
    expect((await violations(tree)).join('\n')).toContain(rule);
  });
});
