import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type GitHubStandIn, runWorkflow, startGitHub, type WorkflowResult } from '@holdfast/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pinsOf } from './support/pinset.ts';
import { manifestFile, Publisher } from './support/publisher.ts';
import { auth, cluster, peer, scene, setStage, tides } from './support/stage.ts';
import { type Attested, attestStandIn, pullRequestEvent, workflowFiles } from './support/workflows.ts';

setStage({ auth, files: workflowFiles });

let github: GitHubStandIn;
beforeEach(async () => {
  github = await startGitHub();
});
afterEach(() => github.close());

const record = () => join(scene.folder, 'attested.json');

async function workflow(
  name: string,
  eventName: string,
  event: object,
  changes: { password?: string; url?: string } = {},
) {
  const { password = auth.password, url = cluster.urls.join('\n') } = changes;
  const clone = await scene.repository.shallowClone();
  return runWorkflow(`.github/workflows/${name}.yml`, {
    cwd: clone.path,
    eventName,
    event: { repository: { full_name: github.repository, default_branch: 'main' }, ...event },
    vars: url === '' ? {} : { CLUSTER_URL: url },
    secrets: { CLUSTER_AUTH: `${auth.user}:${password}`, GITHUB_TOKEN: github.token },
    actions: attestStandIn(scene.folder, record()),
    apiUrl: github.url,
  });
}

const pushed = (changes?: { password?: string; url?: string }) =>
  workflow('pin-on-merge', 'push', scene.pushEvent, changes);
const healed = () => workflow('heal', 'schedule', {});
/** All but the lines that tell the runner what to hide. */
const shown = ({ log }: WorkflowResult) =>
  log
    .split('\n')
    .filter((line) => !line.includes('"command":"add-mask"'))
    .join('\n');
const pinStep = (result: WorkflowResult, job = 'pin') =>
  result.jobs[job]?.steps.find(({ outputs }) => outputs.satisfied !== undefined);

describe('the workflows of this repository', { timeout: 240_000 }, () => {
  it('validate a pull request, pin its merge, attest the receipt, and show it all', async () => {
    const cid = await cluster.addContent(tides);
    const manifest = scene.alice.manifest('tides', tides, { tier: 'important' });
    await scene.repository.branch('topic');
    await scene.repository.write(manifestFile(manifest));
    await scene.repository.commit('Add tides');
    await scene.repository.switch('main');
    const pull = await scene.repository.pullRequest('topic');
    const clone = await scene.repository.shallowClone(1, 'refs/pull/1/merge');
    const validated = await runWorkflow('.github/workflows/validate-manifests.yml', {
      cwd: clone.path,
      eventName: 'pull_request',
      event: pullRequestEvent(github.repository, pull),
      apiUrl: github.url,
    });
    expect(validated.exitCode, validated.log).toBe(0);
    expect(JSON.stringify(validated.jobs.validate)).toContain('tides is valid');

    const before = scene.head;
    scene.head = await scene.repository.merge('topic');
    scene.before = before;
    await scene.repository.push();
    github.pulls.push({
      number: 1,
      merged: true,
      merge_commit_sha: scene.head,
      head: { sha: pull.head },
      base: { sha: pull.base },
    });
    const result = await pushed();
    expect(result.exitCode, result.log).toBe(0);
    expect(pinStep(result)).toMatchObject({
      result: 'success',
      outputs: { satisfied: '1', degraded: '0', failed: '0' },
    });
    expect((await pinsOf(cluster))[cid]).toMatchObject({ min: 3, max: 5, copies: 3 });

    const attested = JSON.parse(readFileSync(record(), 'utf8')) as Attested;
    expect(attested.subjects).toMatch(/^[0-9a-f]{64} {2}tides@1\.0\.0\n$/);
    expect(JSON.parse(attested.predicate)).toMatchObject({
      commit: scene.head,
      datasets: [{ cid, copies: { have: 3 } }],
    });

    expect(github.statuses).toMatchObject([
      { sha: scene.head, state: 'success', context: 'holdfast/copies' },
    ]);
    expect(github.comments).toHaveLength(1);
    expect(github.comments[0]).toMatchObject({ body: expect.stringContaining('The dataset has its copies') });
    expect(result.jobs['not-set-up']?.steps ?? []).toEqual([]);

    rmSync(record());
    const again = await pushed();
    expect(again.exitCode).toBe(0);
    expect(JSON.parse(pinStep(again)?.outputs.plan ?? '')).toMatchObject([{ kind: 'keep' }]);
    expect(github.comments).toHaveLength(1);
    for (const each of [result, again]) expect(shown(each)).not.toContain(auth.password);
    expect(JSON.stringify(github.requests)).not.toContain(auth.password);
  });

  it('refuse a stranger on the pull request and again on the merge', async () => {
    const mallory = new Publisher('mallory');
    await scene.merge(mallory.manifest('tides', tides));
    const result = await pushed();
    expect(result.exitCode).not.toBe(0);
    expect(pinStep(result)?.outputs).toMatchObject({ satisfied: '0', failed: '1' });
    expect(existsSync(record())).toBe(false);
    expect(github.statuses).toMatchObject([{ state: 'error' }]);
    expect(await pinsOf(cluster)).toEqual({});
  });

  it('follow a tier up and down, and a withdrawal', async () => {
    const cid = await cluster.addContent(tides);
    const manifest = scene.alice.manifest('tides', tides, { tier: 'ephemeral' });
    await scene.merge(manifest);
    expect((await pushed()).exitCode).toBe(0);
    const revisions = [
      [2, { tier: 'important' }, 3],
      [3, { tier: 'ephemeral' }, 1],
      [4, { tier: 'ephemeral', withdrawn: { reason: 'wrong' } }, 1],
    ] as const;
    for (const [revision, changes, copies] of revisions) {
      await scene.merge(
        scene.alice.sign({ dataset: { ...manifest.dataset, revision, ...changes }, signatures: [] }),
      );
      expect((await pushed()).exitCode).toBe(0);
      await expect.poll(async () => (await pinsOf(cluster))[cid]?.copies, { timeout: 20_000 }).toBe(copies);
    }
  });

  it('call a merge with a dead peer degraded, and heal it on the schedule once the peer is back', async () => {
    const cid = await cluster.addContent(tides);
    const last = peer(2);
    await scene.merge(scene.alice.manifest('tides', tides, { tier: 'important' }));
    await cluster.stop(last);
    const degraded = await pushed();
    expect(degraded.exitCode).not.toBe(0);
    expect(pinStep(degraded)?.outputs).toMatchObject({ satisfied: '0', degraded: '1', failed: '0' });
    expect(github.statuses).toMatchObject([{ state: 'failure' }]);
    await cluster.restart(last);
    // A peer that has just come back may not have told its free space yet; a schedule comes again.
    let result = await healed();
    for (let again = 0; again < 5 && result.exitCode !== 0; again += 1) result = await healed();
    expect(result.exitCode, result.log).toBe(0);
    expect(pinStep(result, 'heal')?.outputs).toMatchObject({ satisfied: '1', degraded: '0' });
    expect((await pinsOf(cluster))[cid]?.copies).toBe(3);
  });

  it.each([
    ['wrong credentials', { password: 'not-the-password' }, /401/],
    ['no endpoint that answers', { url: 'http://127.0.0.1:9' }, /127\.0\.0\.1:9/],
  ])('end with one message on %s', async (_, changes, message) => {
    await scene.merge(scene.alice.manifest('tides', tides));
    const result = await pushed(changes);
    expect(result.exitCode).not.toBe(0);
    const errors = result.annotations.filter(({ level }) => level === 'error');
    expect(errors).toHaveLength(1);
    expect(errors[0]?.message).toMatch(message);
    expect(shown(result)).not.toContain('password' in changes ? changes.password : auth.password);
  });

  it('do no harm where no cluster is set up', async () => {
    await scene.merge(scene.alice.manifest('tides', tides));
    const result = await pushed({ url: '' });
    expect(result.exitCode).toBe(0);
    expect(result.jobs.pin?.steps ?? []).toEqual([]);
    expect(result.annotations).toMatchObject([{ level: 'notice', title: 'Nothing was pinned' }]);
    expect(await pinsOf(cluster)).toEqual({});
  });
});
