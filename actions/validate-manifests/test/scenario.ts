import { join } from 'node:path';
import {
  type ActionOptions,
  type ActionResult,
  type GitFiles,
  gitRepository,
  runAction,
  runActionHere,
  type TestRepository,
} from '@holdfast/testkit';
import { expect, inject } from 'vitest';
import { asAction } from '../../../packages/action-kit/test/as-action.ts';
import { datasetOf, publicKeyFile, signed } from '../../../packages/repository/test/dataset.ts';
import { validate } from '../src/validate.ts';
import { expectSameOfCheck } from './same-of-check.ts';

export { datasetOf, datasetWith, publicKeyFile, signed } from '../../../packages/repository/test/dataset.ts';

export const bundle = inject('bundle');

/** The bundle in a process of its own; in the loop of this package the sources, in this one. */
export function act(options: ActionOptions): Promise<ActionResult> {
  if (!process.env.HOLDFAST_LOOP) return runAction(bundle, options);
  const action = join(import.meta.dirname, '..', 'action.yml');
  return runActionHere(
    async ({ environment, write }) => {
      using _ = asAction(environment, write);
      return await validate();
    },
    { ...options, action },
  );
}

export const repositoryName = 'holdfast-data/datasets';

export interface RunOptions {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly apiUrl?: string;
  readonly token?: string;
  readonly message?: string;
  readonly fork?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

/** A repository of manifests on its way: alice and bob may sign, and one dataset of alice's is merged. */
export class Scenario implements AsyncDisposable {
  readonly origin: TestRepository;
  #pulls = 0;
  #started = false;

  constructor(origin: TestRepository) {
    this.origin = origin;
  }

  /** What a pull request with these files gets to hear, in the shallow clone of its merge that `actions/checkout` makes. */
  async pull(files: GitFiles, options: RunOptions = {}): Promise<ActionResult> {
    const number = ++this.#pulls;
    const branch = `pull-${number}`;
    await this.origin.git('checkout', '--quiet', '--force', 'main');
    await this.origin.branch(branch);
    await this.origin.write(files);
    await this.origin.commit(options.message ?? 'Propose a change');
    const result = await this.check(branch, options);
    await this.origin.git('checkout', '--quiet', '--force', 'main');
    return result;
  }

  /** The same for a branch that is there already. */
  async check(branch: string, options: RunOptions = {}): Promise<ActionResult> {
    const number = this.#pulls;
    const { base, head, merge } = await this.origin.pullRequest(branch, { number });
    const clone = await this.origin.shallowClone(1, `refs/pull/${number}/merge`);
    const event = {
      action: 'synchronize',
      number,
      repository: { full_name: repositoryName, default_branch: 'main' },
      pull_request: {
        number,
        merge_commit_sha: merge,
        head: {
          ref: branch,
          sha: head,
          repo: { full_name: options.fork ? 'mallory/datasets' : repositoryName },
        },
        base: { ref: 'main', sha: base, repo: { full_name: repositoryName } },
      },
    };
    const result = await act({
      cwd: clone.path,
      eventName: 'pull_request',
      event,
      ...runOptions(options),
    });
    await expectSameOfCheck(this.origin, branch, result, options.inputs ?? {});
    return result;
  }

  /** Puts files on main, as an earlier merge. */
  async merged(files: GitFiles): Promise<string> {
    if (this.#started) await this.origin.git('checkout', '--quiet', '--force', 'main');
    this.#started = true;
    await this.origin.write(files);
    const commit = await this.origin.commit('Merged before');
    await this.origin.push();
    return commit;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.origin.remove();
  }
}

export function runOptions({ inputs, apiUrl, token, env, timeoutMs }: RunOptions) {
  return {
    ...(inputs && { inputs }),
    ...(apiUrl && { apiUrl }),
    ...(token && { token }),
    ...(env && { env }),
    ...(timeoutMs && { timeoutMs }),
  };
}

export const merged = 'manifests/tides-v1.0.0.json';

export async function scenario(files: GitFiles = {}): Promise<Scenario> {
  const started = new Scenario(await gitRepository());
  await started.merged({
    'public-keys/alice.pub': publicKeyFile('alice'),
    'public-keys/bob.pub': publicKeyFile('bob'),
    [merged]: signed(datasetOf('tides', '1.0.0'), 'alice'),
    ...files,
  });
  return started;
}

export interface Place {
  readonly code: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** Refused with this problem at this place: in the exit code, the outputs, an annotation, the log and the page. */
export function expectRefused(result: ActionResult, ...places: readonly Place[]): void {
  expect(result.stderr).toBe('');
  expect(result.exitCode, result.stdout).toBe(1);
  expect(result.outputs.valid).toBe('false');
  for (const { code, ...place } of places) {
    expect(JSON.parse(result.outputs.problems ?? '')).toContainEqual(
      expect.objectContaining({ code, ...place }),
    );
    expect(result.annotations).toContainEqual(expect.objectContaining({ title: code, ...place }));
    expect(result.visible).toContain(`[${code}]`);
    expect(result.summary).toContain(`<code>${code}</code>`);
  }
  expect(result.summary).toMatch(/^## ❌ Not valid: /);
}

export function expectValid(result: ActionResult): void {
  expect(result.stderr).toBe('');
  expect(result.exitCode, result.stdout).toBe(0);
  expect(result.outputs).toMatchObject({ valid: 'true', problems: '[]' });
  expect(result.annotations).toEqual([]);
  expect(result.summary).toMatch(/^## ✅ Valid: /);
}

/** Where a text first stands in another, as annotations count: from 1. */
export function placeOf(text: string, found: string): { line: number; column: number } {
  const before = text.slice(0, text.indexOf(found)).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
