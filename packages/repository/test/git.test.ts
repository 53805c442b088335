import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gitRepository, type TestRepository } from '@holdfast/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changedFiles, openRepository, RepositoryError } from '../src/index.ts';
import { listFiles } from '../src/snapshot/file-listing.ts';

let origin: TestRepository;
let first: string;
let second: string;

beforeAll(async () => {
  origin = await gitRepository();
  await origin.write({
    'manifests/a.json': 'a',
    'manifests/deep/b.json': 'b',
    'public-keys/alice.pub': 'key',
    'other/x': 'x',
  });
  first = await origin.commit('one');
  await origin.write({
    'manifests/a.json': 'A',
    'manifests/deep/b.json': null,
    'manifests/moved.json': 'b',
    'new\n.txt': 'n',
  });
  second = await origin.commit('two');
  await origin.push();
});
afterAll(() => origin.remove());

describe('a clone', () => {
  it('lists what lies under the folders asked for, and nothing else', async () => {
    await using repository = await openRepository(origin.path);
    const files = await listFiles(repository, first, ['manifests', 'public-keys']);
    expect(files.map(({ path, mode }) => `${mode} ${path}`).sort()).toEqual([
      '100644 manifests/a.json',
      '100644 manifests/deep/b.json',
      '100644 public-keys/alice.pub',
    ]);
  });

  it('reads a blob, its size before, and says undefined of what is not there', async () => {
    await using repository = await openRepository(origin.path);
    const [file] = await listFiles(repository, first, ['manifests/a.json']);
    const id = file?.id ?? '';
    expect(await repository.blobSize(id)).toBe(1);
    expect(Buffer.from((await repository.blob(id, 1)) ?? []).toString()).toBe('a');
    expect(await repository.blob('1'.repeat(40), 10)).toBeUndefined();
    expect(await repository.commit('1'.repeat(40))).toBeUndefined();
  });

  it('refuses more bytes than asked for, and goes on with the next object', async () => {
    await origin.write({ big: 'x'.repeat(300_000) });
    const head = await origin.commit('big');
    await using repository = await openRepository(origin.path);
    const [big] = await listFiles(repository, head, ['big']);
    const [small] = await listFiles(repository, head, ['manifests/a.json']);
    const answers = await Promise.allSettled([
      repository.blob(big?.id ?? '', 299_999),
      repository.blob(small?.id ?? '', 1),
      repository.blob(big?.id ?? '', 300_000),
    ]);
    expect(answers[0]).toMatchObject({ status: 'rejected', reason: { code: 'too-large' } });
    expect(answers[1]).toMatchObject({ status: 'fulfilled', value: Buffer.from('A') });
    expect(answers[2]).toMatchObject({ status: 'fulfilled', value: { length: 300_000 } });
  });

  it('tells adds, changes, deletions and renames, whatever a file is called', async () => {
    await using repository = await openRepository(origin.path);
    const changes = await changedFiles(repository, first, second);
    expect(changes.map(({ kind, before, after }) => [kind, before?.path, after?.path])).toEqual([
      ['change', 'manifests/a.json', 'manifests/a.json'],
      ['rename', 'manifests/deep/b.json', 'manifests/moved.json'],
      ['add', undefined, 'new\n.txt'],
    ]);
  });

  it('resolves names to commits, and takes no option for one', async () => {
    await using repository = await openRepository(origin.path);
    expect(await repository.resolve('HEAD~1')).toBe(second);
    expect(await repository.resolve('no-such-branch')).toBeUndefined();
    for (const hostile of ['--output=/tmp/x', '-h', 'a b', 'HEAD\nHEAD', 'a..b', '']) {
      await expect(repository.resolve(hostile)).rejects.toMatchObject({ code: 'revision-invalid' });
    }
    await expect(repository.fetchCommit('--upload-pack=touch x')).rejects.toThrow(TypeError);
  });
});

describe('a clone of depth 1', () => {
  it('fetches exactly the commit that is missing, not the history between', async () => {
    const clone = await origin.shallowClone();
    await using repository = await openRepository(clone.path);
    expect(repository.shallow).toBe(true);
    expect(await repository.commit(first)).toBeUndefined();
    await repository.fetchCommit(first);
    expect(await repository.commit(first)).toMatchObject({ id: first });
    expect(repository.shallow).toBe(true);
    expect(await clone.git('rev-list', '--count', '--all', first)).toBe('2');
  });

  it('fetches the tip of a branch by name', async () => {
    const clone = await origin.shallowClone();
    await using repository = await openRepository(clone.path);
    expect(await repository.fetchBranch('main')).toBe(second);
  });

  it('says what to put in the workflow where the commit cannot be had', async () => {
    const clone = await origin.shallowClone();
    await using repository = await openRepository(clone.path);
    const refused = repository.fetchCommit('1'.repeat(40));
    await expect(refused).rejects.toThrow(RepositoryError);
    await expect(refused).rejects.toThrow(/fetch-depth: 0/);
  });
});

describe('nothing of a clone is run', () => {
  it('neither a hook, nor a monitor, nor a pager, nor another program', async () => {
    const clone = await origin.shallowClone();
    const mark = join(clone.path, 'ran');
    const script = join(clone.path, 'evil.sh');
    writeFileSync(script, `#!/bin/sh\ntouch '${mark}'\n`);
    chmodSync(script, 0o755);
    mkdirSync(join(clone.path, 'hooks'));
    for (const hook of ['reference-transaction', 'post-checkout', 'pre-auto-gc']) {
      writeFileSync(join(clone.path, 'hooks', hook), `#!/bin/sh\ntouch '${mark}'\n`, { mode: 0o755 });
    }
    await clone.git('config', 'core.hooksPath', join(clone.path, 'hooks'));
    await clone.git('config', 'core.fsmonitor', script);
    await clone.git('config', 'core.pager', script);
    await clone.git('config', 'core.askPass', script);
    // The attack works where nothing guards against it.
    await clone.git('fetch', '--depth=1', 'origin', first).catch(() => undefined);
    expect(existsSync(mark)).toBe(true);
    await clone.git(
      '-c',
      'core.hooksPath=/dev/null',
      '-c',
      'core.fsmonitor=false',
      'rm',
      '-q',
      '--cached',
      'other/x',
    );
    rmSync(mark);
    await using repository = await openRepository(clone.path);
    await repository.resolve('HEAD');
    await repository.fetchCommit(first);
    await repository.fetchBranch('main');
    expect(existsSync(mark)).toBe(false);
  });

  it.each<[string, (clone: TestRepository, script: string) => Promise<unknown>]>([
    [
      'what the remote calls its upload-pack',
      (clone, script) => clone.git('config', 'remote.origin.uploadpack', script),
    ],
    [
      'a helper of a foreign version control system',
      (clone, script) => {
        writeFileSync(join(clone.path, 'git-remote-evil'), readFileSync(script), { mode: 0o755 });
        return clone.git('config', 'remote.origin.vcs', 'evil');
      },
    ],
    [
      'a proxy for the protocol git',
      async (clone, script) => {
        await clone.git('config', 'remote.origin.url', 'git://127.0.0.1:1/x');
        await clone.git('config', 'core.gitProxy', script);
      },
    ],
    [
      'a helper that the address of the remote names',
      (clone, script) => clone.git('config', 'remote.origin.url', `ext::${script}`),
    ],
    [
      'what serves the objects that a partial clone left out',
      async (clone, script) => {
        await clone.git('config', 'core.repositoryFormatVersion', '1');
        await clone.git('config', 'extensions.partialClone', 'origin');
        await clone.git('config', 'remote.origin.promisor', 'true');
        await clone.git('config', 'remote.origin.uploadpack', script);
      },
    ],
  ])('nor at a fetch: %s', async (_, plant) => {
    const clone = await origin.shallowClone();
    const mark = join(clone.path, 'ran');
    const script = join(clone.path, 'evil.sh');
    writeFileSync(script, `#!/bin/sh\ntouch '${mark}'\n`, { mode: 0o755 });
    await plant(clone, script);
    const environment = { ...process.env, PATH: `${clone.path}:${process.env.PATH}` };
    // The attack works where nothing guards against it.
    const search = ['-c', 'protocol.ext.allow=always', 'fetch', '--depth=1', 'origin', first];
    await promisify(execFile)('git', search, { cwd: clone.path, env: environment }).catch(() => undefined);
    expect(existsSync(mark)).toBe(true);
    rmSync(mark);
    await using repository = await openRepository(clone.path, { environment });
    await repository.blobSize('1'.repeat(40)).catch(() => undefined);
    await repository.fetchCommit(first).catch(() => undefined);
    await repository.fetchBranch('main').catch(() => undefined);
    expect(existsSync(mark)).toBe(false);
  });

  it('nor uses a protocol that its environment forbids', async () => {
    const clone = await origin.shallowClone();
    const environment = { ...process.env, GIT_ALLOW_PROTOCOL: 'https' };
    await using repository = await openRepository(clone.path, { environment });
    await expect(repository.fetchCommit(first)).rejects.toMatchObject({
      code: 'fetch-failed',
      message: expect.stringContaining("transport 'file' not allowed"),
    });
    await using free = await openRepository(clone.path);
    await free.fetchCommit(first);
  });

  it('nor is a bare repository in a folder of the tree taken for the clone', async () => {
    const clone = await origin.shallowClone();
    const folder = join(clone.path, 'inner');
    mkdirSync(folder);
    await clone.git('init', '--quiet', '--bare', folder);
    await using repository = await openRepository(join(clone.path, 'manifests'));
    expect(repository.path).toBe(clone.path);
  });
});

it('says what to do where there is no clone, and where there is no git', async () => {
  await expect(openRepository('/')).rejects.toThrow(/actions\/checkout/);
  await using repository = await openRepository(origin.path, { program: 'no-such-git' });
  await expect(repository.commit(first)).rejects.toMatchObject({ code: 'git-missing' });
  await expect(repository.resolve('HEAD')).rejects.toMatchObject({ code: 'git-missing' });
});

describe('what git is started with', () => {
  /** A program that writes what it was given, in place of git. */
  async function spy(environment: Record<string, string>): Promise<{ args: string; env: string }> {
    const clone = await origin.shallowClone();
    const program = join(clone.path, 'spy.sh');
    writeFileSync(
      program,
      `#!/bin/sh\nprintf '%s\\n' "$@" > '${clone.path}/args'\nenv > '${clone.path}/env'\nexit 1\n`,
      { mode: 0o755 },
    );
    await using repository = await openRepository(clone.path, {
      program,
      environment: { PATH: process.env.PATH, ...environment },
    });
    const header = { url: 'https://github.com/', value: 'AUTHORIZATION: basic c2VjcmV0' };
    await repository.fetchBranch('main', { header }).catch(() => undefined);
    return {
      args: readFileSync(join(clone.path, 'args'), 'utf8'),
      env: readFileSync(join(clone.path, 'env'), 'utf8'),
    };
  }

  it('has the credential in its environment, where no other process reads it, and not in its arguments', async () => {
    const { args, env } = await spy({
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'a.b',
      GIT_CONFIG_VALUE_0: 'c',
    });
    expect(args).not.toContain('c2VjcmV0');
    expect(env).toContain('GIT_CONFIG_KEY_2=http.https://github.com/.extraheader\n');
    expect(env).toContain('GIT_CONFIG_VALUE_2=AUTHORIZATION: basic c2VjcmV0\n');
    expect(env).toContain('GIT_CONFIG_VALUE_1=\n');
    expect(env).toContain('GIT_CONFIG_COUNT=3\n');
  });

  it('is led nowhere else by the environment', async () => {
    const { env } = await spy({
      GIT_DIR: '/elsewhere',
      GIT_OBJECT_DIRECTORY: '/x',
      GIT_EXEC_PATH: '/y',
      GIT_TRACE_SETUP: '/z',
    });
    expect(env).not.toMatch(/^GIT_(?:DIR|OBJECT_DIRECTORY|EXEC_PATH|TRACE_SETUP)=/m);
    expect(env).toContain('GIT_TERMINAL_PROMPT=0\n');
  });
});
