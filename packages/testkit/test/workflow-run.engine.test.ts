import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gitRepository, runWorkflow, type TestRepository } from '../src/index.ts';

const workflow = `
name: test
on: [push, pull_request]
permissions: {}
jobs:
  one:
    runs-on: ubuntu-24.04
    outputs:
      node: \${{ steps.report.outputs.node }}
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1
      - id: report
        name: The action
        uses: ./action
        with: { do: report }
      - name: The log
        uses: ./action
        continue-on-error: true
        with: { do: log }
      - uses: other/action@v1
      - name: Shell
        run: |
          echo "$SECRET" "\${{ github.repository }}" "\${{ github.sha }}" "$GITHUB_API_URL"
          pwd
        env: { SECRET: "\${{ secrets.PASSWORD }}" }
  two:
    needs: one
    runs-on: ubuntu-latest
    strategy: { matrix: { n: [1, 2] } }
    steps: [{ name: Last, run: "echo \${{ needs.one.outputs.node }}" }]
`;

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
let repository: TestRepository;
let head: string;

beforeAll(async () => {
  repository = await gitRepository();
  await repository.write({
    '.github/workflows/test.yml': workflow,
    '.env': 'LEAKED=1',
    'action/action.yml': read('./action/action.yml'),
    'action/main/index.cjs': read('./action/main/index.cjs'),
    'other/action.yml':
      'name: other\nruns: { using: composite, steps: [{ run: echo from the other, shell: sh }] }',
  });
  head = await repository.commit();
});
afterAll(() => repository.remove());

describe('runWorkflow', { timeout: 60_000 }, () => {
  it('runs the jobs of a real workflow file, with Node 24, on a copy of the work tree', async () => {
    const result = await runWorkflow('.github/workflows/test.yml', {
      cwd: repository.path,
      eventName: 'push',
      event: { ref: 'refs/heads/main', after: head, repository: { full_name: 'o/r' } },
      secrets: { PASSWORD: 'p$ss"word' },
      actions: { 'other/action@v1': `${repository.path}/other` },
      apiUrl: 'http://127.0.0.1:4321',
    });
    const results = Object.entries(result.jobs).map(([id, job]) => [id, job.result]);
    expect(Object.fromEntries(results)).toEqual({
      one: 'success',
      'two (1)': 'success',
      'two (2)': 'success',
    });
    expect(result.exitCode).toBe(0);
    const steps = result.jobs.one?.steps ?? [];
    const step = (name: string) => steps.find((it) => it.name === name);
    expect(step('The action')).toMatchObject({ result: 'success', summary: '# Done\n' });
    const { node, env, cwd, git } = step('The action')?.outputs ?? {};
    expect(node).toMatch(/^v24\./);
    expect(git).toBe(head);
    expect(cwd).not.toBe(repository.path);
    expect(env).not.toContain('LEAKED');
    expect(JSON.parse(env ?? '{}').ACT_DISABLE_VERSION_CHECK).toBe('1');
    expect(step('The log')?.result).toBe('failure');
    expect(result.annotations).toContainEqual({
      level: 'error',
      message: 'expected x,\ngot 100%',
      title: 'Bad: thing',
      file: 'a,b.json',
      line: 3,
      column: 5,
    });
    expect(steps.map((it) => it.output).join('')).toContain('from the other');
    expect(step('Shell')?.output.split('\n')[0]).toBe(`*** o/r ${head} http://127.0.0.1:4321`);
    expect(result.log).not.toContain('p$ss');
    expect(result.jobs['two (1)']?.steps[0]?.output).toBe(`${node}\n`);
    expect(await repository.git('status', '--porcelain')).toBe('');
  });

  it('runs one job for the event, and none when the workflow is for others', async () => {
    const cwd = repository.path;
    const one = await runWorkflow('.github/workflows/test.yml', {
      cwd,
      job: 'one',
      eventName: 'pull_request',
      event: { number: 7, pull_request: { number: 7, head: { ref: 'topic' }, base: { ref: 'main' } } },
      actions: { 'other/action@v1': `${cwd}/other` },
    });
    expect(Object.keys(one.jobs)).toEqual(['one']);
    expect(one.exitCode).toBe(0);
    const env = JSON.parse(one.jobs.one?.steps.find((it) => it.name === 'The action')?.outputs.env ?? '{}');
    expect(env).toMatchObject({
      GITHUB_REF: 'refs/pull/7/merge',
      GITHUB_BASE_REF: 'main',
      GITHUB_EVENT_NAME: 'pull_request',
    });
    const none = await runWorkflow('.github/workflows/test.yml', { cwd, eventName: 'release' });
    expect(none.jobs).toEqual({});
  });
});
