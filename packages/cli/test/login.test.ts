import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keychainOf } from '../src/pinning/keychain.ts';
import { type Sandbox, sandbox } from './support/holdfast.ts';
import { pinningServiceWith } from './support/pinning-service.ts';
import { initialized } from './support/repository.ts';

const withoutKeychain = { HOLDFAST_KEYCHAIN: 'none' };

async function ownFile(box: Sandbox, path: string): Promise<string> {
  return readFile(join(box.home, '.config/holdfast', path), 'utf8');
}

/** A target of the repository's own file. */
function projectFile(target: object, more: object = {}) {
  return { '.holdfast/targets.json': JSON.stringify({ ...more, targets: [target] }) };
}

describe('holdfast login', { tags: ['slow'] }, () => {
  it('writes a new target to your file and keeps its credential for --target, in no argument', async () => {
    await using box = await sandbox();
    await using service = await pinningServiceWith('s3cret-token');
    await initialized(box);
    const env = withoutKeychain;
    const login = await box.json(['login', 'lab', '--pinning-service', service.url], {
      input: 's3cret-token\n',
      env,
    });
    expect(login).toMatchObject({
      code: 0,
      document: { result: { name: 'lab', kind: 'pinning-service', checked: true } },
    });
    expect(login.stdout + login.stderr).not.toContain('s3cret');
    expect(JSON.parse(await ownFile(box, 'targets.json'))).toMatchObject({
      targets: [{ name: 'lab', kind: 'pinning-service', url: service.url }],
    });
    const credential = join(box.home, '.config/holdfast/credentials/lab');
    expect((await stat(credential)).mode & 0o777).toBe(0o600);
    const status = await box.json(['status', '--everything', '--target', 'lab'], { env });
    expect(status).toMatchObject({ code: 0, document: { result: { datasets: [] } } });
    expect(new Set(service.presented)).toEqual(new Set(['Bearer s3cret-token']));

    expect((await box.run(['logout', 'lab'], { env })).code).toBe(0);
    await expect(stat(credential)).rejects.toThrow('ENOENT');
    const after = await box.run(['status', '--everything', '--target', 'lab'], { env });
    expect(after).toMatchObject({ code: 2, stderr: expect.stringContaining('holdfast login lab') });
    expect(await box.run(['logout', 'lab'], { env })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no credential is kept for lab'),
    });
  });

  it('keeps nothing that the target refuses', async () => {
    await using box = await sandbox();
    await using service = await pinningServiceWith('right');
    const refused = await box.run(['login', 'lab', '--pinning-service', service.url], {
      input: 'wr0ng',
      env: withoutKeychain,
    });
    expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining('the credential was refused') });
    expect(refused.stderr).not.toContain('wr0ng');
    await expect(ownFile(box, 'targets.json')).rejects.toThrow('ENOENT');
    await expect(ownFile(box, 'credentials/lab')).rejects.toThrow('ENOENT');
  });

  it('sends a credential nowhere but where it was kept for', async () => {
    await using box = await sandbox();
    await using service = await pinningServiceWith('token');
    await using thief = await pinningServiceWith('token');
    const env = withoutKeychain;
    await initialized(box);
    await box.run(['login', 'lab', '--pinning-service', service.url], { input: 'token', env });
    // A clone gives the name another address.
    await box.write(projectFile({ name: 'lab', kind: 'pinning-service', url: thief.url }));
    const { code, stderr } = await box.run(['status', '--everything', '--target', 'lab'], { env });
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/kept for http.*and \.holdfast\/targets\.json now says http/),
    });
    expect(thief.presented).toEqual([]);
  });

  it('does not use a file that others can read', async () => {
    await using box = await sandbox();
    await using service = await pinningServiceWith('token');
    const env = withoutKeychain;
    await initialized(box);
    await box.run(['login', 'lab', '--pinning-service', service.url], { input: 'token', env });
    await chmod(join(box.home, '.config/holdfast/credentials/lab'), 0o644);
    expect(await box.run(['status', '--everything', '--target', 'lab'], { env })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('others on this machine can read'),
    });
  });
});

describe('a targets file', () => {
  it.each([
    [
      'a default in a repository',
      { name: 'a', kind: 'kubo', url: 'http://127.0.0.1:1' },
      { default: 'a' },
      'has no default',
    ],
    [
      'a variable that may hold anything',
      { name: 'a', kind: 'kubo', url: 'http://127.0.0.1:1', auth: { env: 'GITHUB_TOKEN' } },
      {},
      'variables that begin with HOLDFAST_, not GITHUB_TOKEN',
    ],
    [
      'a credential in the address',
      { name: 'a', kind: 'kubo', url: 'http://me:secret@127.0.0.1' },
      {},
      'without user, password',
    ],
    [
      'two places',
      { name: 'a', kind: 'kubo', url: 'http://127.0.0.1', folder: 'x' },
      {},
      'of kind kubo has "url" or "urls"',
    ],
    ['a slip', { name: 'a', kind: 'kubo', ulr: 'http://127.0.0.1' }, {}, 'did you mean "url"?'],
  ])('%s is refused, with its place', async (_, target, more, message) => {
    await using box = await sandbox();
    await initialized(box);
    await box.write(projectFile(target, more));
    const { code, stderr } = await box.run(['status', '--target', 'a']);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/holdfast: \.holdfast\/targets\.json:1:\d+ /),
    });
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('secret@');
  });

  it('gives folders names, from anywhere in the repository', async () => {
    await using box = await sandbox();
    await initialized(box);
    await box.write(projectFile({ name: 'disk', kind: 'local', folder: 'copies' }));
    const { code, stdout } = await box.run(['status', '--everything', '--target', 'disk']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining(box.path('copies')) });
    expect(await box.run(['status', '--target', 'dsk'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no target dsk; did you mean disk?'),
    });
    expect(await box.run(['status'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--target: disk'),
    });
    expect(await box.run(['status', '--target', 'disk', '--local', 'x'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--target and --local name two targets'),
    });
  });
});

/** Programs that keep text in a file, as strict about their arguments as the real ones. */
const standIns = {
  linux: [
    'secret-tool',
    `[ "$3" = holdfast ] || [ "$4" = holdfast ] || exit 9
case "$1" in
  store) [ "$2" = "--label=Holdfast: $6" ] && [ "$3 $5" = "service target" ] && cat > "$STORE.$6" ;;
  lookup) [ "$2 $4" = "service target" ] && cat "$STORE.$5" ;;
  clear) rm "$STORE.$5" ;;
  *) exit 8 ;;
esac`,
  ],
  darwin: [
    'security',
    `case "$1" in
  -i) read -r verb U s service a name X hex
      [ "$verb $U $s $service $a $X" = "add-generic-password -U -s holdfast -a -X" ] || exit 0
      printf '%b' "$(printf %s "$hex" | sed 's/../\\\\x&/g')" > "$STORE.$name" ;;
  find-generic-password) [ "$2 $3 $4 $6" = "-s holdfast -a -w" ] && cat "$STORE.$5" && echo ;;
  delete-generic-password) [ "$2 $3 $4" = "-s holdfast -a" ] && rm "$STORE.$5" ;;
  *) exit 8 ;;
esac`,
  ],
  win32: [
    'powershell.exe',
    `[ "$1 $2 $3" = "-NoProfile -NonInteractive -EncodedCommand" ] || exit 8
script=$(printf %s "$4" | base64 -d | tr -d '\\000')
read -r name
case "$script" in
  *RetrievePassword*) cat "$STORE.$name" ;;
  *Add*) read -r secret; printf %s "$secret" > "$STORE.$name" ;;
  *Remove*) rm "$STORE.$name" ;;
esac`,
  ],
} as const;

describe('the keychain of the system', () => {
  it.each(['linux', 'darwin', 'win32'] as const)(
    'of %s keeps, gives and removes what it is sent over a pipe',
    async (platform) => {
      await using box = await sandbox();
      const [program, script] = standIns[platform];
      const log = join(box.home, 'arguments');
      const place = join(box.home, program);
      await writeFile(place, `#!/bin/bash\necho "$@" >> ${log}\n${script}\n`, { mode: 0o755 });
      const env = { PATH: `${box.home}:${process.env.PATH}`, STORE: join(box.home, 'store') };
      const keychain = keychainOf({ cwd: box.folder, env, signal: new AbortController().signal }, platform);
      const text = '{"secret":"s3crét","places":["https://a.example"]}';
      expect(await keychain.read('lab')).toBeUndefined();
      expect(await keychain.remove('lab')).toBe(false);
      expect(await keychain.write('lab', text)).toBe(true);
      expect(await keychain.read('lab')).toBe(text);
      expect(await readFile(log, 'utf8')).not.toMatch(/s3cr|c3MzY3|eyJzZWNy/);
      expect(await keychain.remove('lab')).toBe(true);
      expect(await keychain.read('lab')).toBeUndefined();
    },
  );

  it('is passed over where it is not installed', async () => {
    await using box = await sandbox();
    const keychain = keychainOf(
      { cwd: box.folder, env: { PATH: '' }, signal: new AbortController().signal },
      'linux',
    );
    expect([
      await keychain.read('lab'),
      await keychain.write('lab', 'x'),
      await keychain.remove('lab'),
    ]).toEqual([undefined, false, false]);
  });
});
