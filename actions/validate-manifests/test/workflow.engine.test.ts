import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runWorkflow, type WorkflowResult } from '@holdfast/testkit';
import { describe, expect, it } from 'vitest';
import {
  bundle,
  datasetOf,
  merged,
  publicKeyFile,
  repositoryName,
  type Scenario,
  scenario,
  signed,
} from './scenario.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const workflow = '.github/workflows/validate-manifests.yml';

/** A repository that has this repository's own workflow and the action beside it, as this repository does. */
async function withWorkflow(): Promise<Scenario> {
  const own = await scenario();
  const action = join(own.origin.path, 'actions', 'validate-manifests');
  mkdirSync(join(action, 'dist'), { recursive: true });
  copyFileSync(join(root, 'actions', 'validate-manifests', 'action.yml'), join(action, 'action.yml'));
  copyFileSync(bundle, join(action, 'dist', 'index.cjs'));
  await own.merged({ [workflow]: readFileSync(join(root, workflow), 'utf8') });
  return own;
}

async function pull(
  own: Scenario,
  files: Parameters<Scenario['merged']>[0],
  eventName = 'pull_request',
): Promise<WorkflowResult> {
  const { origin } = own;
  await origin.git('checkout', '--quiet', '--force', 'main');
  await origin.git('checkout', '--quiet', '-B', 'change');
  await origin.write(files);
  await origin.commit('Change');
  const { base, head, merge } = await origin.pullRequest('change');
  await origin.git('checkout', '--quiet', '--force', '--detach', merge);
  const repository = { full_name: repositoryName, default_branch: 'main' };
  const event =
    eventName === 'merge_group'
      ? {
          repository,
          merge_group: {
            head_sha: merge,
            base_sha: base,
            head_ref: 'refs/heads/gh-readonly-queue/main/pr-1',
          },
        }
      : {
          repository,
          number: 1,
          pull_request: {
            number: 1,
            merge_commit_sha: merge,
            head: { ref: 'change', sha: head },
            base: { ref: 'main', sha: base },
          },
        };
  return runWorkflow(workflow, { cwd: origin.path, eventName, event });
}

const step = (result: WorkflowResult) => result.jobs.validate?.steps.find(({ name }) => name === 'Validate');

describe("this repository's own workflow file, run by act", { timeout: 120_000 }, () => {
  it.each(['pull_request', 'merge_group'])('passes a good %s', async (eventName) => {
    await using own = await withWorkflow();
    const result = await pull(
      own,
      { 'manifests/waves.json': signed(datasetOf('waves', '1.0.0'), 'alice') },
      eventName,
    );
    expect(result.exitCode, result.log).toBe(0);
    expect(step(result)).toMatchObject({ result: 'success', outputs: { valid: 'true', checked: '1' } });
    expect(step(result)?.output).toContain('✓ waves is valid');
  });

  it.each([
    [
      'its own key',
      {
        'public-keys/mallory.pub': publicKeyFile('mallory'),
        'manifests/w.json': signed(datasetOf('w', '1.0.0'), 'mallory'),
      },
      'change/keys-and-manifests',
    ],
    [
      'an edit without signatures',
      { [merged]: signed(datasetOf('tides', '1.0.0'), 'alice').replace('"standard"', '"critical"') },
      'signature/invalid',
    ],
    ['a deletion', { [merged]: null }, 'change/deleted'],
    [
      'another root',
      {
        'manifests/w.json': signed({ ...datasetOf('w', '1.0.0'), cid: datasetOf('x', '1.0.0').cid }, 'alice'),
      },
      'proof/wrong-root',
    ],
    ['a symbolic link', { 'manifests/w.json': { symlink: 'tides-v1.0.0.json' } }, 'repository/symlink'],
  ])('refuses %s', async (_, files, code) => {
    await using own = await withWorkflow();
    const result = await pull(own, files);
    expect(result.exitCode, result.log).not.toBe(0);
    expect(step(result)).toMatchObject({ result: 'failure', outputs: { valid: 'false' } });
    // Not the annotations: act can lose the last lines that a step prints, and never what it writes to files.
    expect(step(result)?.outputs.problems).toContain(`"code":"${code}"`);
    expect(step(result)?.summary).toContain(`<code>${code}</code>`);
  });
});
