import { type GitFiles, gitRepository, type TestRepository } from '@holdfast/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ChangesReport,
  type CheckOptions,
  checkChanges,
  openRepository,
  readSnapshot,
} from '../src/index.ts';
import { datasetOf, publicKeyFile, signed } from './dataset.ts';
import { checkProposal } from './proposal.ts';

let origin: TestRepository;
let base: string;
const tides = datasetOf('tides', '1.0.0');

beforeAll(async () => {
  origin = await gitRepository();
  await origin.write({
    'public-keys/alice.pub': publicKeyFile('alice'),
    'public-keys/README.md': 'Keys',
    'manifests/tides-v1.0.0.json': signed(tides, 'alice'),
  });
  base = await origin.commit('base');
});
afterAll(() => origin.remove());

const change = (files: GitFiles, options?: Partial<CheckOptions>) =>
  checkProposal(origin, base, files, options);
const codes = ({ problems }: ChangesReport) => problems.map(({ code, file }) => `${code} ${file}`);

describe('a change', () => {
  it('that adds a signed manifest is fine', async () => {
    const report = await change({ 'manifests/new.json': signed(datasetOf('waves', '1.0.0'), 'alice') });
    expect(codes(report)).toEqual([]);
    expect(report).toMatchObject({
      ok: true,
      manifests: 2,
      changes: [{ kind: 'add', path: 'manifests/new.json' }],
    });
  });

  it.each([[['!manifests/skip/**']], [['.//manifests/**']], [[]]])(
    'is never passed by patterns that nothing matches: %j',
    async (manifests) => {
      await expect(change({}, { manifests })).rejects.toThrow('manifests: expected');
    },
  );

  it('is seen through patterns and a folder that begin with ./ as well', async () => {
    const report = await change(
      { 'manifests/new.json': signed(datasetOf('waves', '1.0.0'), 'mallory') },
      { manifests: ['./manifests/**/*.json'], publicKeys: './public-keys/' },
    );
    expect(codes(report)).toEqual([
      'trust/not-enough-signers manifests/new.json',
      'trust/unknown-key manifests/new.json',
    ]);
  });

  it('of anything else touches no manifest', async () => {
    expect(await change({ 'README.md': 'x', 'manifests/notes.txt': 'x' })).toMatchObject({
      ok: true,
      changes: [],
    });
  });

  it('cannot bring the key that approves it', async () => {
    const report = await change({
      'public-keys/mallory.pub': publicKeyFile('mallory'),
      'manifests/new.json': signed(datasetOf('waves', '1.0.0'), 'mallory'),
    });
    expect(report.ok).toBe(false);
    expect(codes(report)).toContain('change/keys-and-manifests public-keys/mallory.pub');
    expect(codes(report)).toContain('trust/unknown-key manifests/new.json');
  });

  it('finds a version that exists already among those that did not change', async () => {
    const report = await change({ 'manifests/again.json': signed(tides, 'alice') });
    expect(codes(report)).toContain('change/duplicate-version manifests/again.json');
  });

  it('finds the merged version that `previous` names', async () => {
    const next = datasetOf('tides', '1.1.0', { previous: { version: '1.0.0', digest: '0'.repeat(64) } });
    const report = await change({ 'manifests/next.json': signed(next, 'alice') });
    expect(codes(report)).toContain('change/wrong-previous manifests/next.json');
  });

  it('of a manifest one byte above the limit is refused unread', async () => {
    const text = signed(datasetOf('waves', '1.0.0'), 'alice');
    const fits = await change({ 'manifests/new.json': text }, { maxManifestBytes: text.length });
    expect(fits.ok).toBe(true);
    const report = await change({ 'manifests/new.json': `${text} ` }, { maxManifestBytes: text.length });
    expect(codes(report)).toEqual(['json/too-large manifests/new.json']);
  });

  it.each([
    ['a symbolic link', { symlink: 'tides-v1.0.0.json' }, 'repository/symlink'],
    ['a submodule', { submodule: '1'.repeat(40) }, 'repository/submodule'],
    ['an executable', { executable: signed(datasetOf('waves', '1.0.0'), 'alice') }, 'repository/executable'],
  ])('that brings %s for a manifest is refused', async (_, entry, code) => {
    const report = await change({ 'manifests/new.json': entry });
    expect(report.ok).toBe(false);
    expect(codes(report)).toEqual([`${code} manifests/new.json`]);
  });

  it.each([
    ["manifests/it's new.json", `Run \`git update-index --chmod=-x "manifests/it's new.json"\``],
    ['manifests/%new%.json', 'Run `git update-index --chmod=-x FILE`'],
  ])('says how to fix the mode of %s in words for any shell', async (path, hint) => {
    const executable = signed(datasetOf('waves', '1.0.0'), 'alice');
    const { problems } = await change({ [path]: { executable } });
    expect(problems).toMatchObject([{ code: 'repository/executable', hint }]);
  });

  it('that puts a link in place of a merged manifest, or of the folder, is refused', async () => {
    expect(codes(await change({ 'manifests/tides-v1.0.0.json': { symlink: '/etc/passwd' } }))).toEqual([
      'repository/symlink manifests/tides-v1.0.0.json',
      'change/deleted manifests/tides-v1.0.0.json',
    ]);
    expect(codes(await change({ manifests: { symlink: 'elsewhere' } }))).toContain(
      'repository/symlink manifests',
    );
  });

  it.each(['a\nb', 'a\u202eb', 'a\\b', 'a\u001b[2Kb'])(
    'that brings the name %j is refused, and shows it escaped',
    async (name) => {
      const report = await change({ [`manifests/${name}.json`]: '{}' });
      expect(report.problems).toMatchObject([{ code: 'repository/unsafe-path' }]);
      expect(report.problems[0]?.file).not.toContain(name);
    },
  );

  it('is held to the whole tree where everything is asked for', async () => {
    const report = await change({}, { mode: 'all' });
    expect(report).toMatchObject({
      ok: true,
      changes: [{ kind: 'unchanged', path: 'manifests/tides-v1.0.0.json' }],
    });
  });
});

describe('trust that cannot be read', () => {
  it.each([
    ['a link', { symlink: '../elsewhere' }],
    ['a submodule', { submodule: '1'.repeat(40) }],
    ['too large', ' '.repeat((1 << 20) + 1)],
  ])('is trust in nobody, not trust with fewer rules: a policy that is %s', async (_, policy) => {
    await origin.git('checkout', '--quiet', '--detach', '--force', base);
    await origin.write({ 'public-keys/policy.json': policy });
    const merged = await origin.commit('merged all the same');
    await origin.write({ 'manifests/new.json': signed(datasetOf('waves', '1.0.0'), 'alice') });
    const head = await origin.commit('a manifest');
    await using repository = await openRepository(origin.path);
    const report = await checkChanges(repository, { base: merged, head, at: new Date('2026-02-01') });
    expect(report.ok).toBe(false);
    expect(codes(report).join()).toContain('trust/unusable-policy manifests/new.json');
  });

  it('still reads a policy that became executable', async () => {
    const snapshot = await (async () => {
      await origin.git('checkout', '--quiet', '--detach', '--force', base);
      await origin.write({ 'public-keys/alice.pub': { executable: publicKeyFile('alice') } });
      const head = await origin.commit('executable');
      await using repository = await openRepository(origin.path);
      return await readSnapshot(repository, head);
    })();
    expect(snapshot.trustFiles.map(({ path }) => path)).toContain('alice.pub');
    expect(snapshot.problems).toMatchObject([{ code: 'repository/executable' }]);
  });
});
