import type { ActionResult } from '@holdfast/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  act,
  datasetOf,
  expectRefused,
  expectValid,
  merged,
  publicKeyFile,
  repositoryName,
  type Scenario,
  scenario,
  signed,
} from './scenario.ts';

const zero = '0'.repeat(40);
const repository = { full_name: repositoryName, default_branch: 'main' };
const file = 'manifests/waves.json';
const good = signed(datasetOf('waves', '1.0.0'), 'alice');
const bad = signed(datasetOf('waves', '1.0.0'), 'mallory');

let shared: Scenario;
let base: string;
beforeAll(async () => {
  shared = await scenario();
  base = await shared.origin.resolve('main');
});
afterAll(() => shared[Symbol.asyncDispose]());

/** A commit on top of another, pushed under a branch of its own. */
async function commit(name: string, from: string, files: Parameters<Scenario['merged']>[0]): Promise<string> {
  await shared.origin.git('checkout', '--quiet', '--force', '-B', name, from);
  await shared.origin.write(files);
  const id = await shared.origin.commit(name);
  await shared.origin.push({ force: true, refs: [`${id}:refs/heads/${name}`] });
  return id;
}

async function run(eventName: string, head: string, event: Record<string, unknown>): Promise<ActionResult> {
  const clone = await shared.origin.shallowClone(1, head);
  return act({ cwd: clone.path, eventName, event: { repository, ...event } });
}

describe('push', () => {
  it('compares with the commit before it, which the clone of depth 1 has not', async () => {
    const [one, two] = [
      await commit('one', base, { [file]: good }),
      await commit('two', base, { [file]: bad }),
    ];
    expectValid(await run('push', one, { ref: 'refs/heads/main', before: base, after: one }));
    expectRefused(await run('push', two, { ref: 'refs/heads/main', before: base, after: two }), {
      code: 'trust/unknown-key',
      file,
    });
  });

  it('takes several commits for one change', async () => {
    const first = await commit('several', base, { [file]: bad });
    const second = await commit('several', first, { 'README.md': 'x' });
    expectRefused(await run('push', second, { ref: 'refs/heads/main', before: base, after: second }), {
      code: 'trust/unknown-key',
    });
  });

  it('that was forced compares with what the branch was, not with what it shares', {
    tags: ['slow'],
  }, async () => {
    const before = await commit('forced', base, { [file]: good });
    const after = await commit('forced', base, { 'README.md': 'rewritten' });
    const result = await run('push', after, { ref: 'refs/heads/main', before, after, forced: true });
    expectRefused(result, { code: 'change/deleted', file });
  });

  it('of the first commit has nothing before it', { tags: ['slow'] }, async () => {
    const first = await shared.origin.resolve('main~0');
    const result = await run('push', first, {
      ref: 'refs/heads/main',
      before: zero,
      after: first,
      created: true,
    });
    expectValid(result);
    expect(result.visible).toContain('no base to compare with');
    expect(result.visible).toContain('✓ tides is valid');
  });

  it('of a new branch compares with the branch it left, and trusts that one', async () => {
    const head = await commit('feature', base, {
      'public-keys/mallory.pub': publicKeyFile('mallory'),
      [file]: bad,
    });
    const result = await run('push', head, {
      ref: 'refs/heads/feature',
      before: zero,
      after: head,
      created: true,
    });
    expectRefused(result, { code: 'trust/unknown-key', file });
  });

  it('that deletes a branch has nothing to check', { tags: ['slow'] }, async () => {
    const result = await run('push', base, {
      ref: 'refs/heads/gone',
      before: base,
      after: zero,
      deleted: true,
    });
    expect(result.exitCode).toBe(0);
    expect(result.visible).toContain('refs/heads/gone was deleted: nothing to check');
  });

  it('onto a commit that cannot be had says what to put in the workflow', async () => {
    const result = await run('push', base, { ref: 'refs/heads/main', before: '1'.repeat(40), after: base });
    expect(result.exitCode).toBe(3);
    expect(result.annotations).toMatchObject([
      { level: 'error', message: expect.stringContaining('fetch-depth: 0') },
    ]);
    expect(result.outputs.valid).toBe('false');
    expect(result.summary).toContain('The action could not do its work');
  });
});

describe('merge_group', () => {
  it('compares the head of the group with its base', async () => {
    const head = await commit('queue', base, { [file]: bad });
    const merge_group = {
      head_sha: head,
      base_sha: base,
      head_ref: 'refs/heads/gh-readonly-queue/main/pr-1',
    };
    expectRefused(await run('merge_group', head, { action: 'checks_requested', merge_group }), {
      code: 'trust/unknown-key',
      file,
    });
  });
});

describe('pull_request', () => {
  it('trusts the tip of the base that GitHub merged into, also where the base moved on', async () => {
    await using own = await scenario();
    await own.origin.branch('slow');
    await own.origin.write({ [file]: good });
    await own.origin.commit('Slow');
    // Meanwhile alice's key goes, and a dataset of bob's comes.
    await own.merged({ 'public-keys/alice.pub': null });
    await own.merged({ 'manifests/other.json': signed(datasetOf('other', '1.0.0'), 'bob') });
    const result = await own.check('slow');
    expectRefused(result, { code: 'trust/unknown-key', file });
    expect(JSON.parse(result.outputs.changes ?? '')).toMatchObject([{ path: file }]);
  });

  it('does not take a merge commit of the pull request itself for GitHub’s', async () => {
    const evilBase = await commit('evil-base', base, { 'public-keys/mallory.pub': publicKeyFile('mallory') });
    const side = await commit('evil-side', evilBase, { [file]: bad });
    await shared.origin.git('checkout', '--quiet', '--force', evilBase);
    const head = await shared.origin.merge(side);
    await shared.origin.push({ refs: [`${head}:refs/heads/evil`] });
    // A workflow that checks out the head of the pull request: its first parent is the author's own commit.
    const pull_request = { number: 9, merge_commit_sha: head, head: { sha: head }, base: { sha: base } };
    const result = await run('pull_request', head, { number: 9, pull_request });
    expectRefused(result, { code: 'trust/unknown-key', file }, { code: 'change/keys-and-manifests' });
  });
});

describe('workflow_dispatch and schedule', { tags: ['slow'] }, () => {
  it.each(['workflow_dispatch', 'schedule'])('%s judges all that is there', async (name) => {
    const result = await run(name, base, {});
    expectValid(result);
    expect(result.visible).toContain('✓ tides is valid');
    expect(result.visible).toContain('Valid: all 1 manifest of the repository');
  });

  it('tells a merged manifest whose key was revoked since', async () => {
    await using own = await scenario();
    await own.merged({ 'public-keys/alice.pub': null });
    const clone = await own.origin.shallowClone();
    const result = await act({ cwd: clone.path, eventName: 'schedule', event: { repository } });
    expectRefused(result, { code: 'trust/unknown-key', file: merged });
  });
});

describe('refused', { tags: ['slow'] }, () => {
  it('pull_request_target, with the reason', async () => {
    const result = await run('pull_request_target', base, { pull_request: { number: 1 } });
    expect(result.exitCode).toBe(2);
    expect(result.annotations).toMatchObject([
      { level: 'error', message: expect.stringMatching(/gives secrets.*Use "on: pull_request"/) },
    ]);
  });

  it.each(['issue_comment', 'workflow_run', ''])(
    'the event %j, naming those that are known',
    async (name) => {
      const result = await run(name, base, {});
      expect(result.exitCode).toBe(2);
      expect(result.annotations[0]?.message).toContain(
        'pull_request, merge_group, push, workflow_dispatch, schedule',
      );
    },
  );

  it.each([
    ['mode', 'everything', 'input "mode" expected changed, all, got "everything"'],
    ['strict', 'on', 'input "strict" expected true or false, got "on"'],
    ['comment', 'maybe', 'input "comment" expected auto, true, false, got "maybe"'],
    ['public-keys', '../keys', 'input "public-keys" expected a folder relative to the repository'],
    ['manifests', '/etc/*.json', 'input "manifests" expected a pattern of paths relative to the repository'],
    ['manifests', './/manifests/**', 'got ".//manifests/**"'],
    ['manifests', '!manifests/skip/**', 'each pattern takes out, so that no path matches'],
    ['manifests', 'manifests', 'for all that is in the folder: "manifests/**"'],
    ['verify-content', 'true', 'input "gateways" is required'],
    ['sarif-file', '../out.sarif', 'input "sarif-file" expected a path in the work tree'],
  ])('the input %s: %s', async (name, value, message) => {
    const result = await shared.pull({ 'README.md': `${name} ${value}` }, { inputs: { [name]: value } });
    expect(result.exitCode).toBe(2);
    expect(result.annotations[0]?.message).toContain(message);
  });

  it.each([
    ['GITHUB_EVENT_PATH', import.meta.filename],
    ['GITHUB_API_URL', 'api.github.com'],
    ['GITHUB_SERVER_URL', 'github.com'],
  ])('a wrong %s, in a sentence, with outputs and a page and without a stack', async (name, value) => {
    const result = await shared.pull({ 'README.md': name }, { env: { [name]: value } });
    expect(result.exitCode).toBe(2);
    expect(result.annotations).toMatchObject([{ title: 'Workflow', message: expect.stringContaining(name) }]);
    expect(`${result.stdout}${result.stderr}`).not.toMatch(/^\s+at |index\.cjs/m);
    expect(result.outputs).toMatchObject({ valid: 'false', checked: '0', problems: '[]' });
    expect(result.summary).toContain('The workflow has to be corrected');
  });

  it('a workspace without a clone, saying which step is missing', async () => {
    const result = await act({
      cwd: '/',
      eventName: 'schedule',
      event: { repository },
      env: { GITHUB_SHA: base },
    });
    expect(result.exitCode).toBe(3);
    expect(result.annotations[0]?.message).toContain('actions/checkout');
  });
});
