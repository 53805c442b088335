import { spawn } from 'node:child_process';
import { chmod, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { binary, execute, type Sandbox, sandbox } from './support/holdfast.ts';
import { expectOk, git, initialized, signedTides, unsignedTides } from './support/repository.ts';

async function sshKey(box: Sandbox, passphrase = ''): Promise<string> {
  const path = join(box.home, 'id_ed25519');
  await execute('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-f', path], box.folder, {});
  await box.write({ 'public-keys/carol.pub': await readFile(`${path}.pub`) });
  return path;
}

describe('holdfast keygen', () => {
  it('puts the public half where it is committed and the private half where only its owner reads', async () => {
    await using box = await sandbox();
    const { document } = await box.json(['keygen', 'alice', '--comment', 'alice@example.org']);
    const { keyid, publicKey, privateKey, encrypted, exposed } = document.result;
    expect({ publicKey, encrypted, exposed }).toEqual({
      publicKey: 'public-keys/alice.pub',
      encrypted: false,
      exposed: false,
    });
    expect((await stat(privateKey)).mode & 0o777).toBe(0o600);
    const printed = await execute('ssh-keygen', ['-lf', 'public-keys/alice.pub'], box.folder, {});
    expect(printed.stdout).toContain(keyid);
    expect(printed.stdout).toContain('alice@example.org');
    expect(await readFile(privateKey, 'utf8')).toContain('BEGIN PRIVATE KEY');
  });

  it('encrypts the key where HOLDFAST_PASSWORD is set, and says so', async () => {
    await using box = await sandbox();
    const { stdout, stderr } = await box.run(['keygen', 'alice'], {
      env: { HOLDFAST_PASSWORD: 'correct horse' },
    });
    expect(stdout).toContain('(private, encrypted: never commit it)');
    expect(stderr).toContain('encrypted with the password in HOLDFAST_PASSWORD');
    const made = await readFile(join(box.home, '.config/holdfast/keys/alice.key'), 'utf8');
    expect(made).toContain('ENCRYPTED PRIVATE KEY');
  });

  it('never writes over a key', async () => {
    await using box = await sandbox();
    const { document } = await box.json(['keygen', 'alice']);
    const before = await readFile(document.result.privateKey, 'utf8');
    const again = await box.run(['keygen', 'alice']);
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('choose another name');
    expect(await readFile(document.result.privateKey, 'utf8')).toBe(before);
  });

  it('says so when the private half lies where git would commit it', async () => {
    await using box = await sandbox();
    await initialized(box);
    expect((await box.run(['keygen', 'ci', '-o', 'keys'])).stdout).toContain('add *.key to .gitignore');
  });

  it('needs a password from somewhere, and refuses a name that could leave the folder', async () => {
    await using box = await sandbox();
    const without = await box.run(['keygen', 'alice', '--password']);
    expect(without.code).toBe(2);
    expect(without.stderr).toContain('HOLDFAST_PASSWORD');
    expect((await box.run(['keygen', '../alice'])).code).toBe(2);
  });
});

describe('a signer whom nobody lists', () => {
  it('is told that policy.json does not name them', async () => {
    await using box = await sandbox();
    await initialized(box);
    const file = await unsignedTides(box);
    await expectOk(box, ['keygen', 'bob']);
    expect((await box.run(['sign', file, '--key', 'bob'])).stdout).toContain(
      'public-keys/policy.json does not name bob.pub: add it under "signers" and to a rule',
    );
    await rm(box.path('public-keys/bob.pub'));
    expect((await box.run(['sign', file, '--key', 'bob'])).stdout).toContain(
      'the key is not in public-keys: add its .pub file and name it under "signers" in public-keys/policy.json',
    );
    await rm(box.path('public-keys/policy.json'));
    expect((await box.run(['sign', file, '--key', 'bob'])).stdout).toContain(
      'the key is not in public-keys: add its .pub file, in a pull request of its own',
    );
    await rm(box.path('public-keys'), { recursive: true });
    expect((await box.run(['sign', file, '--key', 'bob'])).stdout).toContain(
      'a folder that is not there yet',
    );
  });
});

describe('holdfast sign', () => {
  it('says what to do when there is no key', async () => {
    await using box = await sandbox();
    const { code, stderr } = await box.run(['sign', await unsignedTides(box)]);
    expect(code).toBe(2);
    expect(stderr).toContain('holdfast keygen NAME creates one; --ssh');
  });

  it('takes the only key, asks which of several, and names the nearest of a typo', async () => {
    await using box = await sandbox();
    const file = await unsignedTides(box);
    await box.run(['keygen', 'alice']);
    expect((await box.run(['sign', file])).stdout).toContain('as alice');
    await box.run(['keygen', 'bob']);
    expect((await box.run(['sign', file])).stderr).toContain('which key? You have alice, bob');
    expect((await box.run(['sign', file, '--key', 'alcie'])).stderr).toContain('did you mean alice?');
    // A folder that happens to be called as a key is not the key.
    await box.write({ 'bob/notes.txt': 'a' });
    expect((await box.run(['sign', file, '--key', 'bob'])).code).toBe(0);
    expect((await box.run(['sign', file], { env: { HOLDFAST_KEY: 'bob' } })).code).toBe(0);
    const verified = await box.json(['verify', file]);
    expect(verified.document.result.manifests[0]).toMatchObject({
      ok: true,
      signedBy: ['alice', 'bob'],
      trust: 'needs 1 of alice, bob; has alice, bob',
    });
  });

  it('opens an encrypted key with the password of the environment or a file, and with no other', {
    tags: ['slow'],
  }, async () => {
    await using box = await sandbox();
    const file = await unsignedTides(box);
    const right = { HOLDFAST_PASSWORD: 'correct horse' };
    await box.run(['keygen', 'alice', '--password'], { env: right });
    const none = await box.run(['sign', file]);
    expect({ code: none.code, said: none.stderr.includes('HOLDFAST_PASSWORD') }).toEqual({
      code: 2,
      said: true,
    });
    const wrong = await box.run(['sign', file], { env: { HOLDFAST_PASSWORD: 'battery staple' } });
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('check HOLDFAST_PASSWORD');
    expect(wrong.stderr).not.toContain('battery staple');
    expect((await box.run(['sign', file], { env: right })).code).toBe(0);
    await writeFile(box.path('password'), 'correct horse\n');
    expect((await box.run(['sign', file], { env: { HOLDFAST_PASSWORD_FILE: 'password' } })).code).toBe(0);
    const piped = await box.run(['sign', file], {
      env: { HOLDFAST_PASSWORD_FILE: '-' },
      input: 'correct horse\n',
    });
    expect(piped.code).toBe(0);
    expect((await box.run(['sign', file], { env: { HOLDFAST_PASSWORD_FILE: 'nowhere' } })).stderr).toContain(
      "can't be read",
    );
  });

  it('says of a private key that others can read it', async () => {
    await using box = await sandbox();
    const file = await unsignedTides(box);
    const key: string = (await box.json(['keygen', 'alice'])).document.result.privateKey;
    expect((await box.run(['sign', file])).stderr).toBe('');
    await chmod(key, 0o644);
    expect(await box.run(['sign', file])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(`chmod 600 ${key}`),
    });
  });

  it('says that a key is not in public-keys, and that a public key cannot sign', async () => {
    await using box = await sandbox();
    const file = await unsignedTides(box);
    await box.run(['keygen', 'alice', '-o', 'elsewhere']);
    expect((await box.run(['sign', file, '--key', 'elsewhere/alice.key'])).stdout).toContain(
      'the key is not in public-keys',
    );
    expect((await box.run(['sign', file, '--key', 'elsewhere/alice.pub'])).stderr).toContain(
      'signing needs the private one',
    );
  });

  it('signs nothing while a file has problems', async () => {
    await using box = await sandbox();
    const file = await unsignedTides(box);
    await box.run(['keygen', 'alice']);
    await writeFile(
      box.path('broken.json'),
      (await readFile(box.path(file), 'utf8')).replace('"tier"', '"teir"'),
    );
    const { code, stderr } = await box.run(['sign', file, 'broken.json']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/broken\.json:\d+:\d+ error manifest\/unknown-field/);
    expect(JSON.parse(await readFile(box.path(file), 'utf8')).signatures).toEqual([]);
  });

  it('signs with an SSH key from its file', async () => {
    await using box = await sandbox();
    const file = await unsignedTides(box);
    const key = await sshKey(box);
    expect((await box.run(['sign', file, '--ssh', key])).stdout).toContain('as carol');
    const { signatures } = JSON.parse(await readFile(box.path(file), 'utf8'));
    expect(signatures).toMatchObject([{ format: 'sshsig' }]);
    expect((await box.run(['verify', file])).code).toBe(0);
  });

  it('without a terminal says that a passphrase cannot be asked for', { tags: ['slow'] }, async () => {
    await using box = await sandbox();
    const file = await unsignedTides(box);
    const key = await sshKey(box, 'correct horse');
    const ended = await execute(
      'setsid',
      [process.execPath, binary, 'sign', file, '--ssh', key],
      box.folder,
      {
        HOME: box.home,
      },
    );
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining('no terminal to ask on') });
  });

  it('gives the command that signs with an SSH key under a passphrase', async () => {
    await using box = await sandbox();
    const file = await unsignedTides(box);
    const key = await sshKey(box, 'correct horse');
    expect(await box.run(['sign', file, '--key', key])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`help: run: holdfast sign FILE --ssh ${key}`),
    });
  });

  it('with a key of another kind ends with 2 and says which kind works', async () => {
    await using box = await sandbox();
    const file = await unsignedTides(box);
    const key = join(box.home, 'id_ecdsa');
    await execute('ssh-keygen', ['-q', '-t', 'ecdsa', '-N', '', '-f', key], box.folder, {});
    for (const flag of ['--ssh', '--key']) {
      expect(await box.run(['sign', file, flag, key])).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/ECDSA.*\n.*ssh-keygen -t ed25519/),
      });
    }
  });

  it('signs with a key that only an agent has', async () => {
    await using box = await sandbox();
    const file = await unsignedTides(box);
    const key = await sshKey(box);
    const socket = join(box.home, 'agent');
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
    try {
      const env = { SSH_AUTH_SOCK: socket };
      for (let tries = 0; tries < 50 && !(await stat(socket).catch(() => undefined)); tries++) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      await execute('ssh-add', ['-q', key], box.folder, env);
      await writeFile(key, '');
      await execute('rm', [key], box.folder, {});
      expect(await box.run(['sign', file, '--ssh', `${key}.pub`], { env })).toMatchObject({ code: 0 });
      expect((await box.run(['verify', file])).code).toBe(0);
    } finally {
      agent.kill();
    }
  });

  it.each([
    ['a file that is not there', 'nowhere', 'name a private key'],
    ['both kinds of key', '', 'one at a time'],
  ])('with %s says what to do', async (_, ssh, message) => {
    await using box = await sandbox();
    const file = await unsignedTides(box);
    const { code, stderr } = await box.run([
      'sign',
      file,
      '--ssh',
      ssh || 'a',
      ...(ssh ? [] : ['--key', 'b']),
    ]);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it('signs a policy, which a manifest signature is not', async () => {
    await using box = await sandbox();
    await initialized(box);
    const { stdout } = await box.run(['sign', 'public-keys/policy.json']);
    expect(stdout).toContain('policy version 1');
    const { signatures } = JSON.parse(await readFile(box.path('public-keys/policy.json'), 'utf8'));
    expect(signatures).toHaveLength(1);
  });
});

describe('holdfast revise', () => {
  it('takes the next revision and takes the old signatures off', { tags: ['slow'] }, async () => {
    await using box = await sandbox();
    await initialized(box);
    const file = await signedTides(box);
    await git(box, 'add', '.');
    await git(box, 'commit', '-q', '-m', 'Add tides');
    const { document } = await box.json([
      'revise',
      file,
      '--tier',
      'critical',
      '--description',
      'More of it',
    ]);
    expect(document.result).toEqual({ file, revision: 2, changed: ['tier', 'description'], written: true });
    const after = JSON.parse(await readFile(box.path(file), 'utf8'));
    expect(after).toMatchObject({ dataset: { revision: 2, tier: 'critical' }, signatures: [] });
    expect((await box.run(['verify', file])).stderr).toContain('trust/not-enough-signers');
    await expectOk(box, ['sign', file]);
    await expectOk(box, ['verify', file]);
    await expectOk(box, ['revise', file, '--withdraw', 'personal data']);
    expect((await box.run(['inspect', file])).stdout).toContain('withdrawn: personal data');
  });

  it('counts what is merged, not how often a draft was changed', { tags: ['slow'] }, async () => {
    await using box = await sandbox();
    await initialized(box);
    await git(box, 'switch', '-q', '-c', 'tides');
    const file = await signedTides(box);
    const revised = async (title: string) =>
      (await box.json(['revise', file, '--title', title])).document.result.revision;
    const committed = async () => {
      await expectOk(box, ['sign', file]);
      await git(box, 'add', '.');
      await git(box, 'commit', '-q', '-m', 'Tides');
      return (await box.json(['check'])).document;
    };
    expect(await revised('Not merged yet')).toBe(1);
    expect(await committed()).toMatchObject({ exitCode: 0, problems: [] });
    expect(await revised('Nor now')).toBe(1);
    expect(await committed()).toMatchObject({ exitCode: 0, problems: [] });
    await git(box, 'switch', '-q', 'main');
    await git(box, 'merge', '-q', 'tides');
    await git(box, 'switch', '-q', '-c', 'more');
    expect(await revised('Merged')).toBe(2);
    expect(await committed()).toMatchObject({ exitCode: 0, problems: [] });
    expect(await revised('And once more')).toBe(2);
    expect(await committed()).toMatchObject({ exitCode: 0, problems: [] });
  });

  it('wants to know what is new', async () => {
    await using box = await sandbox();
    const { code, stderr } = await box.run(['revise', await unsignedTides(box)]);
    expect(code).toBe(2);
    expect(stderr).toContain('nothing to change');
  });
});
