import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  cruise,
  type ICruiseOptions,
  type ICruiseResult,
  type IDependency,
  type IRuleSetType,
} from 'dependency-cruiser';
import { afterAll, describe, expect, it } from 'vitest';
import { forbidden, mostLevels, options, roomBase, rooms, typesUncounted } from './arrows.rules.mjs';

const root = new URL('..', import.meta.url).pathname;
type Rooms = Readonly<Record<string, readonly string[]>>;
const made: string[] = [];
afterAll(() => Promise.all(made.map((folder) => rm(folder, { recursive: true }))));

async function cruised(baseDir: string, folders: string[]): Promise<ICruiseResult> {
  const { tsConfig: _, ...rest } = options;
  const { output } = await cruise(folders, {
    ...(rest as ICruiseOptions),
    baseDir,
    validate: true,
    ruleSet: { forbidden } as IRuleSetType,
  });
  if (typeof output === 'string') throw new Error('expected a result object');
  return output;
}

async function violations(baseDir: string): Promise<string[]> {
  const { summary } = await cruised(baseDir, ['packages', 'actions']);
  return summary.violations.map((v) => `${v.rule.name}: ${v.from} -> ${v.to}`);
}

/** The longest way along imports within the sources of one package, late imports included, and types where they count. */
async function longestWay(baseDir: string, name: string): Promise<readonly string[]> {
  const { modules } = await cruised(baseDir, [`packages/${name}/src`]);
  const imports = new Map(modules.map(({ source, dependencies }) => [source, dependencies]));
  const counted = ({ typeOnly, dependencyTypes }: IDependency): boolean =>
    !typesUncounted.includes(name) || !(typeOnly || dependencyTypes.includes('type-only'));
  const known = new Map<string, readonly string[]>();
  const wayFrom = (file: string): readonly string[] => {
    const before = known.get(file);
    if (before) return before;
    known.set(file, [file]);
    const ways = (imports.get(file) ?? [])
      .filter((each) => counted(each) && each.resolved.startsWith(`packages/${name}/src/`))
      .map(({ resolved }) => wayFrom(resolved));
    const way = [file, ...ways.reduce((a, b) => (b.length > a.length ? b : a), [])];
    known.set(file, way);
    return way;
  };
  return [...imports.keys()].map(wayFrom).reduce((a, b) => (b.length > a.length ? b : a), []);
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
  it('hold in the workspace', async () => {
    expect(await violations(root)).toEqual([]);
  });

  it.each([
    ['manifest-imports', 'packages/manifest/src/a.ts', '../../content/src/b.ts'],
    ['content-imports', 'packages/content/src/a.ts', '../../pinning/src/b.ts'],
    ['retrieval-imports', 'packages/retrieval/src/a.ts', '../../pinning/src/b.ts'],
    ['retrieval-is-for-browsers', 'packages/retrieval/src/a.ts', 'node:fs'],
    ['content-has-no-network', 'packages/content/src/a.ts', 'node:https'],
    ['pinning-imports', 'packages/pinning/src/a.ts', '../../content/src/b.ts'],
    ['datasets-imports', 'packages/datasets/src/a.ts', '../../cli/src/b.ts'],
    ['actions-import-packages', 'actions/pin-on-merge/src/a.ts', '../../validate-manifests/src/b.ts'],
    ['manifest-is-pure', 'packages/manifest/src/a.ts', 'node:fs'],
    ['http-imports', 'packages/http/src/a.ts', '../../manifest/src/b.ts'],
    ['http-is-for-browsers', 'packages/http/src/a.ts', 'node:http'],
    ['processes-where-they-belong', 'packages/content/src/a.ts', 'node:child_process'],
    ['github-toolkit-in-action-kit', 'actions/pin-on-merge/src/run.ts', '@actions/core'],
    ['pinning-plan-imports', 'packages/pinning/src/plan/a.ts', '../apply/b.ts'],
    ['pinning-apply-step-imports', 'packages/pinning/src/apply/step/a.ts', '../wait/b.ts'],
    ['pinning-targets-know-targets', 'packages/pinning/src/targets/a.ts', '../plan/b.ts'],
    ['cli-frame-imports', 'packages/cli/src/frame/a.ts', '../keys/b.ts'],
    ['no-cycles', 'packages/manifest/src/a.ts', './a2.ts'],
  ])('see red: %s', async (rule, from, to) => {
    const target = to.startsWith('.') ? join(dirname(from), to) : undefined;
    const back = rule === 'no-cycles' ? "import './a.ts';\n" : 'export {};\n';
    const tree = await treeWith({ [from]: `import '${to}';\n`, ...(target ? { [target]: back } : {}) });
    expect((await violations(tree)).join('\n')).toContain(rule);
  });

  it.each(Object.keys(rooms))('%s: every file is in a folder of its own floor, or on top', async (name) => {
    const { modules } = await cruised(root, [roomBase(name)]);
    const folders = modules.flatMap(
      ({ source }) => new RegExp(`^${roomBase(name)}/([^/]+)/`).exec(source)?.[1] ?? [],
    );
    expect([...new Set(folders)].sort()).toEqual([...((rooms as Rooms)[name] ?? [])].sort());
  });

  it.each(Object.keys(rooms).filter((name) => !name.includes('/')))(
    `%s: at most ${mostLevels} levels`,
    async (name) => {
      const way = await longestWay(root, name);
      expect(way.length, way.join(' -> ')).toBeLessThanOrEqual(mostLevels);
    },
  );

  it('sees red: a file that needs nine others one after another', async () => {
    const files = Array.from({ length: 9 }, (_, at) => [
      `packages/cli/src/frame/${at}.ts`,
      at < 8 ? `import './${at + 1}.ts';\n` : 'export {};\n',
    ]);
    expect(await longestWay(await treeWith(Object.fromEntries(files)), 'cli')).toHaveLength(9);
  });
});
