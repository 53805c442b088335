import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gitRepository, runAction, type TestRepository } from '../src/index.ts';

const bundle = fileURLToPath(new URL('./action/main/index.cjs', import.meta.url));
let repository: TestRepository;
let head: string;

beforeAll(async () => {
  repository = await gitRepository();
  await repository.write({ a: 'a' });
  head = await repository.commit();
});
afterAll(() => repository.remove());

describe('runAction', () => {
  it('gives the bundle what the runner gives: inputs with defaults, event, files, workspace', async () => {
    const event = {
      repository: { full_name: 'o/r' },
      pull_request: {
        number: 7,
        merge_commit_sha: head,
        head: { ref: 'topic', sha: 'b' },
        base: { ref: 'main', sha: 'c' },
      },
    };
    const result = await runAction(bundle, {
      cwd: repository.path,
      event,
      eventName: 'pull_request',
      inputs: { 'with space': 'x' },
      token: 't0ken',
      env: { EXTRA: '1' },
      state: { before: 'kept' },
    });
    expect(result.exitCode).toBe(0);
    expect(result.outputs.node).toMatch(/^v24\./);
    expect(result.outputs.git).toBe(head);
    expect(result.outputs.cwd).toBe(repository.path);
    expect(JSON.parse(result.outputs.event ?? '')).toEqual(event);
    const env = JSON.parse(result.outputs.env ?? '');
    expect(env).toMatchObject({
      INPUT_WITH_SPACE: 'x',
      'INPUT_DASH-ED': 'yes',
      INPUT_TOKEN: 't0ken',
      STATE_before: 'kept',
      EXTRA: '1',
      GITHUB_REPOSITORY: 'o/r',
      GITHUB_REF: 'refs/pull/7/merge',
      GITHUB_SHA: head,
      GITHUB_BASE_REF: 'main',
      GITHUB_WORKSPACE: repository.path,
      GITHUB_API_URL: 'http://127.0.0.1:9',
    });
    // Nothing of whoever runs the tests.
    expect(Object.keys(env).filter((name) => /^(npm_|VITEST|NODE_)/.test(name))).toEqual([]);
    expect(result).toMatchObject({
      state: { started: '1' },
      env: { A: 'b=c' },
      paths: ['/opt/tool'],
      summary: '# Done\n',
    });
  });

  it('reads the log as the runner does', async () => {
    const result = await runAction(bundle, { cwd: repository.path, inputs: { do: 'log' } });
    expect(result.exitCode).toBe(2);
    expect(result.annotations).toEqual([
      {
        level: 'error',
        message: 'expected x,\ngot 100%',
        title: 'Bad: thing',
        file: 'a,b.json',
        line: 3,
        endLine: 4,
        column: 5,
      },
      { level: 'warning', message: 'indented' },
      { level: 'notice', message: 'from stderr' },
    ]);
    expect(result.masks).toEqual(['s3cret']);
    expect(result.visible.split('\n').filter(Boolean)).toEqual([
      'plain s3cret before',
      'hidden *** after',
      'not a command ::error::here',
      '::error::quoted from a pull request',
    ]);
  });

  it('runs under another Node when told', async () => {
    const result = await runAction(bundle, { cwd: repository.path, node: '22' });
    expect(result.outputs.node).toMatch(/^v22\./);
    const same = await runAction(bundle, { cwd: repository.path, node: process.execPath });
    expect(same.outputs.node).toBe(process.version);
  });

  it('refuses an input that action.yml does not have, and a broken output file', async () => {
    await expect(runAction(bundle, { cwd: repository.path, inputs: { dod: 'x' } })).rejects.toThrow(
      /input "dod" is not in .*action\.yml, which has do, token, with space, dash-ed/,
    );
    await expect(runAction(bundle, { cwd: repository.path, inputs: { do: 'bad output' } })).rejects.toThrow(
      'GITHUB_OUTPUT: the delimiter "EOF" of "x" does not come again',
    );
  });

  it('cancels as the runner does, and kills what does not end', { tags: ['slow'] }, async () => {
    const waiting = join(repository.path, 'waiting');
    const call = { cwd: repository.path, inputs: { do: 'hang' }, env: { WAITING: waiting } };
    const cancel = new AbortController();
    const cancelled = runAction(bundle, { ...call, cancel: cancel.signal });
    await expect.poll(() => existsSync(waiting)).toBe(true);
    cancel.abort();
    expect(await cancelled).toMatchObject({ exitCode: 3, stdout: 'waiting\ninterrupted\n' });
    const hanging = runAction(bundle, { ...call, timeoutMs: 10_000 });
    await expect(hanging).rejects.toThrow('the action did not end within 10000 ms:\nwaiting');
  });
});
