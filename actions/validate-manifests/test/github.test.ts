import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ActionResult,
  type GitHubFault,
  type GitHubStandIn,
  gitHubFaults,
  startGitHub,
} from '@holdfast/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { act, datasetOf, repositoryName, type Scenario, scenario, signed } from './scenario.ts';

let shared: Scenario;
beforeAll(async () => {
  shared = await scenario();
});
afterAll(() => shared[Symbol.asyncDispose]());

const good = { 'manifests/w.json': signed(datasetOf('w', '1.0.0'), 'alice') };
const bad = { 'manifests/w.json': signed(datasetOf('w', '1.0.0'), 'mallory') };
/** Twelve manifests by somebody unknown: 24 errors. */
const many = Object.fromEntries(
  Array.from({ length: 12 }, (_, index) => [
    `manifests/many-${index}.json`,
    signed(datasetOf(`many-${index}`, '1.0.0'), 'mallory'),
  ]),
);

const pulls = Array.from({ length: 200 }, (_, index) => ({ number: index + 1 })) as unknown as NonNullable<
  Parameters<typeof startGitHub>[0]
>['pulls'];
const api = (options: Parameters<typeof startGitHub>[0] = {}) =>
  startGitHub({ ...(pulls && { pulls }), ...options });
const run = (
  github: GitHubStandIn,
  files: Parameters<Scenario['pull']>[0],
  options: Parameters<Scenario['pull']>[1] = {},
) => shared.pull(files, { apiUrl: github.url, token: github.token, ...options });

function expectStrict(github: GitHubStandIn): void {
  expect(
    github.requests.filter(({ unknown, status }) => unknown || (status >= 400 && status !== 403)),
  ).toEqual([]);
}

describe('the comment', { tags: ['slow'] }, () => {
  it('is written once and edited from then on', async () => {
    await using github = await api();
    const first = await run(github, bad);
    expect(first.exitCode).toBe(1);
    expect(github.comments).toHaveLength(1);
    expect(github.comments[0]?.body).toMatch(
      /^<!-- holdfast:validate-manifests -->\n## ❌ Not valid: 2 errors in 1 file/,
    );
    const [comment] = github.comments;
    if (comment) comment.issue += 1; // the next pull request of the scenario takes the next number
    await run(github, good);
    expect(github.comments).toHaveLength(1);
    expect(github.comments[0]?.body).toContain('## ✅ Valid: 1 manifest can be merged');
    expectStrict(github);
  });

  it('is found among hundreds', async () => {
    await using github = await api();
    await run(github, good);
    const number = (github.comments[0]?.issue ?? 0) + 1;
    const others = Array.from({ length: 250 }, (_, id) => ({
      id,
      issue: number,
      body: 'hm',
      user: { login: 'carol', type: 'User' as const },
    }));
    const [mine] = github.comments;
    if (mine) mine.issue = number;
    github.comments.unshift(...others);
    await run(github, good);
    expect(github.comments).toHaveLength(251);
    expectStrict(github);
  });

  it('of a person who wrote the marker is left alone', async () => {
    await using github = await api();
    const planted = {
      id: 1,
      body: '<!-- holdfast:validate-manifests -->\nmine',
      user: { login: 'mallory', type: 'User' as const },
    };
    for (let issue = 1; issue <= 200; issue++) github.comments.push({ ...planted, id: issue, issue });
    await run(github, good);
    expect(github.comments.filter(({ body }) => body.endsWith('mine'))).toHaveLength(200);
    expect(github.comments).toHaveLength(201);
  });

  it('is not begun where a pull request touches nothing that is checked', async () => {
    await using github = await api();
    await run(github, { 'README.md': 'x' });
    expect(github.comments).toEqual([]);
  });

  it('is not tried for a fork, whose token can only read', async () => {
    await using github = await api();
    const result = await run(github, good, { fork: true });
    expect(result.exitCode).toBe(0);
    expect(github.requests).toEqual([]);
  });

  it('is written nowhere without leave', async () => {
    await using github = await api();
    await run(github, bad, { inputs: { comment: 'false', checks: 'false' } });
    expect(github.requests).toEqual([]);
  });

  it('fits where there is far too much to tell, and says what is missing', async () => {
    await using github = await api();
    const files = Object.fromEntries(
      Array.from({ length: 400 }, (_, index) => [
        `manifests/${'long-name-'.repeat(6)}${index}.json`,
        '{ "dataset": {} }',
      ]),
    );
    const result = await run(github, files);
    const body = github.comments[0]?.body ?? '';
    expect(body.length).toBeGreaterThan(40_000);
    expect(body).toMatch(/… and [\d,]+ more rows\*\*, too long for this page: see the run's log/);
    expect(result.exitCode).toBe(1);
    expectStrict(github);
  });
});

describe('more problems than GitHub shows', { tags: ['slow'] }, () => {
  it('are all in a check run, the page and the log, and the annotations say so', async () => {
    await using github = await api();
    const result = await run(github, many);
    expect(result.annotations).toHaveLength(10);
    expect(result.annotations.at(-1)?.message).toContain(
      'All 24 are in the check "Dataset manifests", the job summary and the log',
    );
    expect(github.checkRuns).toMatchObject([
      { name: 'Dataset manifests', status: 'completed', conclusion: 'failure' },
    ]);
    expect(github.checkRuns[0]?.annotations).toHaveLength(24);
    // The tip of the pull request's branch, not GitHub's merge of it.
    const head = github.checkRuns[0]?.head_sha ?? '';
    expect(await shared.origin.git('branch', '--list', 'pull-*', '--points-at', head)).toMatch(/pull-\d+/);
    for (let index = 0; index < 12; index++) {
      expect(result.summary).toContain(`manifests/many-${index}.json`);
      expect(result.visible).toContain(`manifests/many-${index}.json`);
    }
    expectStrict(github);
  });

  it('are sent fifty at a time', async () => {
    await using github = await api();
    const files = Object.fromEntries(
      Array.from({ length: 62 }, (_, index) => [
        `manifests/n-${index}.json`,
        signed(datasetOf(`n-${index}`, '1.0.0'), 'mallory'),
      ]),
    );
    await run(github, files);
    expect(github.checkRuns[0]?.annotations).toHaveLength(124);
    expect(github.checkRuns[0]).toMatchObject({ status: 'completed', conclusion: 'failure' });
    expectStrict(github);
  });

  it('leave no check pending where GitHub refuses the second fifty', async () => {
    await using github = await api();
    github.inject({ method: 'PATCH', path: /check-runs/ }, gitHubFaults.primaryRateLimit());
    const files = Object.fromEntries(
      Array.from({ length: 30 }, (_, index) => [
        `manifests/l-${index}.json`,
        signed(datasetOf(`l-${index}`, '1.0.0'), 'mallory'),
      ]),
    );
    const result = await run(github, files);
    expect(github.checkRuns).toMatchObject([{ status: 'completed', conclusion: 'failure' }]);
    expect(github.checkRuns[0]?.annotations).toHaveLength(50);
    expect(result.visible).toContain(
      "the check run with all annotations could not be written: GitHub's rate limit",
    );
    expect(result.annotations.at(-1)?.message).toContain('are in the job summary and the log');
  });

  it('are in the page and the log where the token may not write checks', async () => {
    await using github = await api({ permissions: { contents: 'read' } });
    const result = await run(github, many);
    expect(result.annotations.filter(({ level }) => level === 'error')).toHaveLength(10);
    expect(result.annotations.find(({ title }) => title === '15 more')?.message).toContain(
      'the job summary and the log',
    );
    expect(result.visible).toContain(
      'the check run with all annotations could not be written: the token may not do this (403); grant `checks: write`',
    );
    expect(result.summary).toContain('could not be written');
  });
});

describe('what GitHub does wrong changes what is shown, never the verdict', { tags: ['slow'] }, () => {
  const faults: readonly (readonly [string, GitHubFault, string])[] = [
    [
      'no permission',
      gitHubFaults.forbidden,
      'the token may not do this (403); grant `pull-requests: write`',
    ],
    ['the rate limit', gitHubFaults.primaryRateLimit(), 'rate limit is reached (403)'],
    ['the secondary rate limit', gitHubFaults.secondaryRateLimit(), 'rate limit is reached (403)'],
    ['too many requests', { status: 429 }, 'rate limit is reached (429)'],
    ['a failure', gitHubFaults.unavailable, 'API failed (503)'],
    ['a page instead of JSON', { status: 200, body: Buffer.from('<html>') }, 'did not answer with JSON'],
    ['half an answer', { status: 200, body: [], cut: true }, 'could not be reached'],
    ['a reset connection', { reset: true }, 'could not be reached'],
    ['a wrong token', { status: 401, body: { message: 'Bad credentials' } }, 'the token is not valid (401)'],
  ];

  it.each(faults)('%s', async (_, fault, words) => {
    await using github = await api();
    github.inject({}, fault);
    for (const [files, exitCode] of [
      [good, 0],
      [bad, 1],
    ] as const) {
      const result: ActionResult = await run(github, files);
      expect(result.exitCode, result.stdout + result.stderr).toBe(exitCode);
      expect(result.visible).toContain(words);
      expect(result.visible).toContain('The verdict is not affected');
      expect(result.stdout).not.toContain('Bearer');
    }
  });

  it('asked for by name, what is missing is a warning', async () => {
    await using github = await api({ permissions: { contents: 'read' } });
    const result = await run(github, good, { inputs: { comment: 'true' } });
    expect(result.exitCode).toBe(0);
    expect(result.annotations).toMatchObject([
      { level: 'warning', message: expect.stringContaining('pull-requests: write') },
    ]);
  });

  it('no address that is not GitHub’s gets the token over an open line', async () => {
    const result = await shared.pull(good, { apiUrl: 'http://192.0.2.1', token: 'ghs_test' });
    expect(result.exitCode).toBe(2);
    expect(result.stdout).toContain('expected https');
    expect(result.stdout.replaceAll('::add-mask::ghs_test', '')).not.toContain('ghs_test');
  });
});

describe('a commit that the clone does not have and that cannot be fetched', { tags: ['slow'] }, () => {
  it('is read through the API', async () => {
    await using own = await scenario();
    await using github = await api({ gitFolder: own.origin.path });
    const run = (files: Parameters<Scenario['pull']>[0]) =>
      own.pull(files, { apiUrl: github.url, token: github.token, env: { GIT_ALLOW_PROTOCOL: 'https' } });
    const fine = await run(good);
    expect(fine.exitCode, fine.stdout).toBe(0);
    expect(fine.visible).toContain('could not be fetched and is read through the API');
    const refused = await run({ ...bad, 'manifests/tides-v1.0.0.json': null });
    expect(refused.exitCode).toBe(1);
    const problems = JSON.parse(refused.outputs.problems ?? '').map(({ code }: { code: string }) => code);
    expect(problems).toEqual(expect.arrayContaining(['trust/unknown-key', 'change/deleted']));
    expectStrict(github);
  });

  it('is a failure where the API has it neither', async () => {
    await using own = await scenario();
    await using github = await api({ permissions: {} });
    const result = await own.pull(good, {
      apiUrl: github.url,
      token: github.token,
      env: { GIT_ALLOW_PROTOCOL: 'https' },
    });
    expect(result.exitCode).toBe(3);
    expect(result.annotations[0]?.message).toContain('set "fetch-depth: 0" at actions/checkout');
    expect(result.outputs).toMatchObject({ valid: 'false', checked: '0', problems: '[]' });
  });
});

describe('without a clone at all', { tags: ['slow'] }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-no-clone-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('everything is read through the API, trust and history included', async () => {
    await using own = await scenario();
    const base = await own.origin.resolve('main');
    await own.origin.branch('feature');
    await own.origin.write(bad);
    const head = await own.origin.commit('Feature');
    await own.merged({ 'README.md': 'main moved on' });
    await using github = await api({ gitFolder: own.origin.path, permissions: { contents: 'read' } });
    const repository = { full_name: repositoryName, default_branch: 'main' };
    const run = (event: Record<string, unknown>) =>
      act({
        cwd: folder,
        eventName: 'push',
        event: { repository, ...event },
        apiUrl: github.url,
        token: github.token,
      });
    const zero = '0'.repeat(40);
    const branch = await run({ ref: 'refs/heads/feature', before: zero, after: head });
    expect(branch.exitCode, branch.stdout).toBe(1);
    expect(JSON.parse(branch.outputs.changes ?? '')).toMatchObject([
      { kind: 'add', path: 'manifests/w.json' },
    ]);
    expect(branch.outputs.problems).toContain('trust/unknown-key');
    const first = await run({ ref: 'refs/heads/main', before: zero, after: base });
    expect(first.exitCode, first.stdout).toBe(0);
    expect(first.visible).toContain('✓ tides is valid');
    expect(github.requests.filter(({ unknown }) => unknown)).toEqual([]);
  });

  it('is a failure where the API refuses', async () => {
    await using github = await api({ permissions: {} });
    const event = { repository: { full_name: repositoryName, default_branch: 'main' } };
    const result = await act({
      cwd: folder,
      eventName: 'schedule',
      event,
      env: { GITHUB_SHA: '1'.repeat(40) },
      apiUrl: github.url,
      token: github.token,
    });
    expect(result.exitCode).toBe(3);
    expect(result.annotations[0]?.message).toContain(
      'could not be read through the API: the token may not do this (403)',
    );
  });
});
