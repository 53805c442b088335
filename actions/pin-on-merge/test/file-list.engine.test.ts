import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Manifest } from '@holdfast/manifest';
import type { ListedDataset } from '@holdfast/manifest/internal';
import { type GitHubStandIn, type PullRequest, runWorkflow, startGitHub } from '@holdfast/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pinsOf } from './support/pinset.ts';
import { auth, cluster, peer, scene, setStage } from './support/stage.ts';
import { attestStandIn, pullRequestEvent, workflowFiles } from './support/workflows.ts';

const root = new URL('../../../', import.meta.url).pathname;
const manifestPath = 'manifests/hours-v1.0.0.json';
const listPath = 'manifests/hours-v1.0.0.files.jsonl';
const count = 20_000;
const perFolder = 250;

setStage({ auth, files: workflowFiles });

let github: GitHubStandIn;
beforeEach(async () => {
  github = await startGitHub();
});
afterEach(() => github.close());

/** The program, as a person calls it in the scene's folder. */
async function holdfast(...args: string[]): Promise<string> {
  const program = [`${root}packages/cli/src/main.ts`, ...args];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=@holdfast/source', ...program],
    {
      cwd: scene.folder,
      env: {
        PATH: process.env.PATH,
        HOME: scene.folder,
        XDG_CACHE_HOME: join(scene.folder, 'cache'),
        CLUSTER_URL: cluster.urls[0],
        CLUSTER_AUTH: `${auth.user}:${auth.password}`,
      },
      maxBuffer: 1 << 26,
    },
  );
  return stdout;
}

/** A folder of twenty thousand files in eighty folders, described, signed by Alice and published to the cluster. */
async function published(): Promise<{ dataset: ListedDataset; files: Record<string, Uint8Array> }> {
  for (let at = 0; at < count; at += 1) {
    const folder = join(scene.folder, 'hours', `day-${String(Math.floor(at / perFolder)).padStart(2, '0')}`);
    if (at % perFolder === 0) mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${String(at).padStart(5, '0')}.csv`), `hour,height\n${at},1.2\n`);
  }
  await holdfast(
    ...['create', 'hours', '--name', 'hours', '--version', '1.0.0', '--tier', 'standard'],
    ...['--description', 'Hourly tide gauges', '--license', 'CC0-1.0', '-o', manifestPath],
  );
  const unsigned = JSON.parse(readFileSync(join(scene.folder, manifestPath), 'utf8')) as Manifest;
  const text = `${JSON.stringify(scene.alice.sign(unsigned), null, 2)}\n`;
  writeFileSync(join(scene.folder, manifestPath), text);
  await holdfast('publish', 'hours', '--manifest', manifestPath);
  const files = {
    [manifestPath]: Buffer.from(text),
    [listPath]: readFileSync(join(scene.folder, listPath)),
  };
  return { dataset: unsigned.dataset as ListedDataset, files };
}

const vars = () => ({ CLUSTER_URL: cluster.urls.join('\n'), GATEWAYS: peer(0).kuboGateway });

async function validated(pull: PullRequest) {
  const clone = await scene.repository.shallowClone(1, 'refs/pull/1/merge');
  return runWorkflow('.github/workflows/validate-manifests.yml', {
    cwd: clone.path,
    eventName: 'pull_request',
    event: pullRequestEvent(github.repository, pull),
    vars: vars(),
    apiUrl: github.url,
  });
}

async function pinned() {
  const before = scene.head;
  scene.head = await scene.repository.merge('topic');
  scene.before = before;
  await scene.repository.push();
  const clone = await scene.repository.shallowClone();
  return runWorkflow('.github/workflows/pin-on-merge.yml', {
    cwd: clone.path,
    eventName: 'push',
    event: { ...scene.pushEvent, repository: { full_name: github.repository, default_branch: 'main' } },
    vars: vars(),
    secrets: { CLUSTER_AUTH: `${auth.user}:${auth.password}`, GITHUB_TOKEN: github.token },
    actions: attestStandIn(scene.folder, join(scene.folder, 'attested.json')),
    apiUrl: github.url,
  });
}

describe('a dataset of twenty thousand files', { timeout: 400_000 }, () => {
  it.each([
    ['in Git', true],
    ['on IPFS alone', false],
  ])('goes from a folder to its copies, and one folder of it back, with its list %s', async (_, inGit) => {
    const { dataset, files } = await published();
    await scene.repository.branch('topic');
    const { [listPath]: list, ...others } = files;
    await scene.repository.write(inGit && list !== undefined ? files : others);
    await scene.repository.commit('Add hours');
    await scene.repository.switch('main');
    const checked = await validated(await scene.repository.pullRequest('topic'));
    expect(checked.exitCode, checked.log).toBe(0);
    expect(checked.log).toContain('20,000 files');

    const result = await pinned();
    expect(result.exitCode, result.log).toBe(0);
    const step = result.jobs.pin?.steps.find(({ outputs }) => outputs.satisfied !== undefined);
    expect(step?.outputs).toMatchObject({ satisfied: '1', degraded: '0', failed: '0' });
    const pins = await pinsOf(cluster);
    expect(pins[dataset.cid]).toMatchObject({ min: 2, copies: expect.any(Number) });
    expect(pins[dataset.fileList.cid]).toMatchObject({ min: 2, copies: expect.any(Number) });

    // Somebody who has the manifest alone, and a gateway of another peer.
    writeFileSync(join(scene.folder, 'alone.json'), files[manifestPath] ?? '');
    await holdfast(
      ...['fetch', 'alone.json', '--unsigned', '--gateway', peer(1).kuboGateway],
      ...['--file', 'day-07/**', '-o', 'part'],
    );
    expect(readdirSync(join(scene.folder, 'part'))).toEqual(['day-07']);
    expect(readdirSync(join(scene.folder, 'part/day-07'))).toHaveLength(perFolder);
    expect(readFileSync(join(scene.folder, 'part/day-07/01750.csv'), 'utf8')).toBe('hour,height\n1750,1.2\n');
  });
});
