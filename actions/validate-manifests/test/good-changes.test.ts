import { readManifest } from '@holdfast/manifest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  datasetOf,
  datasetWith,
  expectValid,
  merged,
  publicKeyFile,
  type Scenario,
  scenario,
  signed,
} from './scenario.ts';

let shared: Scenario;
beforeAll(async () => {
  shared = await scenario();
});
afterAll(() => shared[Symbol.asyncDispose]());

const tides = datasetOf('tides', '1.0.0');

function readMerged() {
  const read = readManifest(new TextEncoder().encode(signed(tides, 'alice')));
  if (!read.ok) throw new Error('the merged manifest is not valid');
  return read;
}

describe('a good change', () => {
  it('adds a dataset, and is told what the merge will pin and what that costs', async () => {
    const waves = datasetOf('waves', '1.0.0', { tier: 'important' });
    const result = await shared.pull({ 'manifests/waves.json': signed(waves, 'alice', 'bob') });
    expectValid(result);
    expect(result.visible).toContain('✓ waves is valid');
    expect(result.visible).toContain('Valid: 1 manifest can be merged');
    expect(result.outputs.checked).toBe('1');
    expect(JSON.parse(result.outputs.changes ?? '')).toEqual([
      {
        kind: 'add',
        path: 'manifests/waves.json',
        name: 'waves',
        version: '1.0.0',
        revision: 1,
        tier: 'important',
        signedBy: ['alice', 'bob'],
        missing: [],
        valid: true,
      },
    ]);
    const copies = { min: 3, max: 5, regions: 2 };
    expect(JSON.parse(result.outputs.plan ?? '')).toEqual([
      { step: 'pin', id: 'waves@1.0.0', cid: waves.cid, copies, bytes: 11, adds: [33, 55] },
    ]);
    expect(result.summary).toContain(
      '<code>waves</code></a> | 1.0.0 | add | important → 3 to 5 copies in 2 regions | 11 B | alice, bob |',
    );
    expect(result.summary).toContain('Total: +33 B to +55 B');
  });

  it('adds a version that follows the one before', async () => {
    const { digest } = readMerged();
    const next = datasetOf('tides', '2.0.0', { previous: { version: '1.0.0', digest } });
    const result = await shared.pull({ 'manifests/tides-v2.json': signed(next, 'bob') });
    expectValid(result);
    expect(result.visible).toContain('data: tides 2.0.0 against 1.0.0: 1 file changed (±0 B)');
    expect(JSON.parse(result.outputs.data ?? '')).toMatchObject([
      { name: 'tides', against: '1.0.0', files: 1 },
    ]);
  });

  it('is shown by its data: the files that come, go, change and move, against the version before', async () => {
    const next = datasetWith('tides', '1.1.0', {
      'data/1990.csv': 'hour,height\n',
      'new.md': 'new',
      'moved/data.txt': 'tides 1.0.0',
    });
    const result = await shared.pull({ 'manifests/tides-v1.1.0.json': signed(next, 'alice') });
    expectValid(result);
    expect(JSON.parse(result.outputs.data ?? '')).toMatchObject([
      {
        against: '1.0.0',
        added: { files: 2, bytes: 15 },
        removed: { files: 0, bytes: 0 },
        moved: { files: 1, bytes: 11 },
      },
    ]);
    const [first = ''] = result.summary.split('### ').slice(1);
    expect(first).toMatch(/^What changes in the data\n/);
    expect(first).toContain('| 1.0.0 | 2 files, +15 B |');
    expect(first).toContain(`https://ipfs.io/ipfs/${next.cid}`);
    expect(result.summary).toContain('holdfast publish &#60;folder&#62;');
  });

  it('raises the tier of a merged version with the next revision', async () => {
    const result = await shared.pull({
      [merged]: signed({ ...tides, revision: 2, tier: 'critical' }, 'alice'),
    });
    expectValid(result);
    expect(JSON.parse(result.outputs.plan ?? '')).toMatchObject([
      { step: 'raise', copies: { min: 5, max: 7, regions: 3 }, had: { min: 2, max: 3 } },
    ]);
    expect(result.summary).toContain('standard ⇒ critical');
  });

  it('withdraws a version, which is what takes it out', async () => {
    const result = await shared.pull({
      [merged]: signed({ ...tides, revision: 2, withdrawn: { reason: 'superseded' } }, 'alice'),
    });
    expectValid(result);
    expect(JSON.parse(result.outputs.plan ?? '')).toMatchObject([
      { step: 'unpin', copies: { min: 0, max: 0 } },
    ]);
  });

  it('adds a key', async () => {
    const result = await shared.pull({ 'public-keys/carol.pub': publicKeyFile('carol') });
    expectValid(result);
    expect(result.visible).toContain('✓ public-keys/carol.pub changes who may sign');
  });

  it('touches nothing that is checked, also where its files are strange', { tags: ['slow'] }, async () => {
    const result = await shared.pull({
      'docs/a\nb.json': '{',
      'manifests/notes.md': '@alice',
      'src/link': { symlink: '/etc/passwd' },
    });
    expectValid(result);
    expect(result.visible).toContain('Valid: no manifest, key or policy changes');
    expect(result.outputs.checked).toBe('0');
  });

  it('has warnings, which only `strict` makes errors', { tags: ['slow'] }, async () => {
    const { license: _, ...unlicensed } = datasetOf('free', '1.0.0');
    const files = { 'manifests/free.json': signed(unlicensed, 'alice') };
    const result = await shared.pull(files);
    expect(result.exitCode).toBe(0);
    expect(result.annotations).toMatchObject([{ level: 'warning', title: 'manifest/missing-license' }]);
    expect(result.summary).toMatch(/^## ✅ Valid: 1 manifest can be merged, with 1 warning/);
    const strict = await shared.pull(files, { inputs: { strict: 'true' } });
    expect(strict.exitCode).toBe(1);
    expect(strict.outputs.valid).toBe('false');
  });

  it('needs neither a secret nor an API: no token is given here at all', async () => {
    const result = await shared.pull(
      { 'manifests/w.json': signed(datasetOf('w', '1.0.0'), 'alice') },
      { inputs: { 'github-token': '' } },
    );
    expectValid(result);
  });

  it('lies where the inputs say', { tags: ['slow'] }, async () => {
    await using own = await scenario({ 'trust/carol.pub': publicKeyFile('carol') });
    const inputs = { manifests: 'data/*/manifest.json\n!data/draft/**', 'public-keys': 'trust' };
    const result = await own.pull(
      {
        'data/waves/manifest.json': signed(datasetOf('waves', '1.0.0'), 'carol'),
        'data/draft/manifest.json': '{',
      },
      { inputs },
    );
    expectValid(result);
    expect(result.outputs.checked).toBe('1');
  });

  it('is told where no file of the repository is a manifest by the inputs', { tags: ['slow'] }, async () => {
    const result = await shared.pull({ 'manifests/w.json': '{' }, { inputs: { manifests: 'manifest/**' } });
    expectValid(result);
    const note = 'no file of the repository matches the input `manifests`: `manifest/**`';
    expect(result.visible).toContain(note);
    expect(result.summary).toContain('no file of the repository matches the input <code>manifests</code>');
  });

  it('is judged with all the rest where the mode says so', { tags: ['slow'] }, async () => {
    const result = await shared.pull(
      { 'manifests/w.json': signed(datasetOf('w', '1.0.0'), 'alice') },
      { inputs: { mode: 'all' } },
    );
    expectValid(result);
    expect(result.visible).toContain('✓ tides is valid');
    expect(result.outputs.checked).toBe('2');
  });
});
