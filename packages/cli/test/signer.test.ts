// @module-tag slow
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { type Sandbox, sandbox } from './support/holdfast.ts';
import { expectOk, git, initialized, unsignedTides } from './support/repository.ts';

/** The public key of somebody who sent it, outside the repository's folder of keys. */
async function keyOf(box: Sandbox, name: string): Promise<string> {
  await expectOk(box, ['keygen', name]);
  await rename(box.path(`public-keys/${name}.pub`), box.path(`${name}-sent.pub`));
  return `${name}-sent.pub`;
}

const policyOf = async (box: Sandbox) =>
  JSON.parse(await readFile(box.path('public-keys/policy.json'), 'utf8')).policy;

interface PolicyDraft {
  rules: { manifests: string[] }[];
  root?: { signers: string[]; threshold: number };
}

async function writePolicy(box: Sandbox, change: (policy: PolicyDraft) => void): Promise<void> {
  const document = JSON.parse(await readFile(box.path('public-keys/policy.json'), 'utf8'));
  change(document.policy);
  await writeFile(box.path('public-keys/policy.json'), JSON.stringify(document));
  await git(box, 'add', '.');
  await git(box, 'commit', '-q', '-m', 'Change the policy');
}

describe('holdfast signer', () => {
  it('adds a signer with the key they sent, who can then sign', async () => {
    await using box = await sandbox();
    await initialized(box);
    const sent = await keyOf(box, 'bob');
    const { document } = await box.json(['signer', 'add', 'bob', sent]);
    expect(document.result).toMatchObject({
      signer: 'bob',
      written: true,
      files: ['public-keys/bob.pub', 'public-keys/policy.json'],
      changes: expect.arrayContaining([expect.stringContaining('bob is a new signer')]),
    });
    const { signers, rules } = await policyOf(box);
    expect(signers.bob).toMatchObject({ keys: ['bob.pub'], keyids: [expect.stringMatching(/^SHA256:/)] });
    expect(rules[0].signers).toEqual(['alice', 'bob']);
    const shown = await box.run(['signer', 'list']);
    expect(shown.stdout).toContain('bob');
    await box.write({ 'data/a': '1' });
    await expectOk(box, [
      ...['create', 'data', '--name', 'tides', '--version', '1.0.0', '--tier', 'standard'],
      ...['--description', 'Tides', '--license', 'CC0-1.0'],
    ]);
    await expectOk(box, ['sign', 'manifests/tides-v1.0.0.json', '--key', 'bob']);
    await expectOk(box, ['verify', 'manifests/tides-v1.0.0.json']);
  });

  it('joins only the rules that are named, within a window', async () => {
    await using box = await sandbox();
    await initialized(box);
    const sent = await keyOf(box, 'bob');
    await writePolicy(box, (policy) => {
      policy.rules.unshift({ ...policy.rules[0], manifests: ['manifests/tides/**'] });
    });
    const args = [
      'signer',
      'add',
      'bob',
      sent,
      '--rule',
      'manifests/tides/**',
      '--until',
      '2030-01-01T00:00:00Z',
    ];
    await expectOk(box, args);
    const { signers, rules } = await policyOf(box);
    expect(rules.map((rule: { signers: string[] }) => rule.signers)).toEqual([['alice', 'bob'], ['alice']]);
    expect(signers.bob.validUntil).toBe('2030-01-01T00:00:00Z');
    const wrong = await box.run(['signer', 'add', 'bob', sent, '--rule', 'tides/**']);
    expect([wrong.code, wrong.stderr]).toEqual([
      2,
      expect.stringContaining('no rule of the policy has the pattern'),
    ]);
  });

  it('takes the next version where there is a root, and says whose signatures it needs', async () => {
    await using box = await sandbox();
    await initialized(box);
    const sent = await keyOf(box, 'bob');
    await writePolicy(box, (policy) => {
      policy.root = { signers: ['alice'], threshold: 1 };
    });
    const { document } = await box.json(['signer', 'add', 'bob', sent, '--root']);
    expect(document.result).toMatchObject({ version: 2, needs: { threshold: 1, of: ['alice', 'bob'] } });
    // Another edit before the first is merged is the same change.
    const again = await box.json(['signer', 'remove', 'bob']);
    expect(again.document.result.version).toBe(2);
    const said = await box.run(['signer', 'add', 'bob', sent]);
    expect(said.stdout).toContain('holdfast sign public-keys/policy.json');
  });

  it('removes a signer and their key, and says what falls', async () => {
    await using box = await sandbox();
    await initialized(box);
    const sent = await keyOf(box, 'bob');
    await expectOk(box, ['signer', 'add', 'bob', sent]);
    await expectOk(box, ['sign', await unsignedTides(box), '--key', 'alice']);
    const { document } = await box.json(['signer', 'remove', 'alice']);
    expect(document.result).toMatchObject({ removed: ['public-keys/alice.pub'], written: true });
    expect(document.result.warnings.join('\n')).toContain(
      'tides 1.0.0 no longer has the signatures it needs',
    );
    expect((await readdir(box.path('public-keys'))).sort()).toEqual(['bob.pub', 'policy.json']);
    expect(Object.keys((await policyOf(box)).signers)).toEqual(['bob']);
  });

  it('refuses to keep everybody out', async () => {
    await using box = await sandbox();
    await initialized(box);
    const { code, stderr } = await box.run(['signer', 'remove', 'alice']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('nobody could meet it')]);
    expect(Object.keys((await policyOf(box)).signers)).toEqual(['alice']);
  });

  it('refuses what is not a key, a key that somebody else has, and a name that nobody has', async () => {
    await using box = await sandbox();
    await initialized(box);
    await box.write({ 'not-a-key': 'hello\n' });
    const refused = async (...args: string[]) => {
      const { code, stderr } = await box.run(['signer', ...args]);
      expect(code).toBe(2);
      return stderr;
    };
    expect(await refused('add', 'bob', 'not-a-key')).toContain('is not a file of public keys');
    expect(await refused('add', 'bob', 'public-keys/alice.pub')).toContain('is already the key of alice');
    expect(await refused('add', 'bob')).toContain('there is no key of bob');
    expect(await refused('remove', 'carol')).toContain('there is no signer carol');
    expect(await refused('add', '../bob')).toContain('expects the name of a signer');
    expect(await refused('ad', 'bob')).toContain('signer takes');
    expect((await readdir(box.path('public-keys'))).sort()).toEqual(['alice.pub', 'policy.json']);
  });

  it('writes nothing with --dry-run', async () => {
    await using box = await sandbox();
    await initialized(box);
    const sent = await keyOf(box, 'bob');
    const { stdout, code } = await box.run(['signer', 'add', 'bob', sent, '--dry-run']);
    expect([code, stdout]).toEqual([0, expect.stringContaining('nothing was written')]);
    expect((await readdir(box.path('public-keys'))).sort()).toEqual(['alice.pub', 'policy.json']);
  });

  it('adds a key alone where there is no policy', async () => {
    await using box = await sandbox();
    await git(box, 'init', '-q', '.');
    await expectOk(box, ['init', '--signer', 'alice', '--no-policy']);
    const sent = await keyOf(box, 'bob');
    const { document } = await box.json(['signer', 'add', 'bob', sent]);
    expect(document.result).toMatchObject({ files: ['public-keys/bob.pub'], version: null, needs: null });
    await expectOk(box, ['signer', 'remove', 'bob']);
    const last = await box.run(['signer', 'remove', 'alice']);
    expect([last.code, last.stderr]).toEqual([2, expect.stringContaining('the only signer')]);
  });
});
