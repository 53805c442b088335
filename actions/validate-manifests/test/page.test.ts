import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  datasetOf,
  datasetWith,
  expectRefused,
  expectValid,
  publicKeyFile,
  type Scenario,
  scenario,
  signed,
} from './scenario.ts';

const policy = JSON.stringify({
  policy: {
    version: 1,
    signers: { alice: { keys: ['alice.pub'] }, bob: { keys: ['bob.pub'] }, carol: { keys: ['carol.pub'] } },
    rules: [
      {
        manifests: ['**'],
        signers: ['alice', 'bob', 'carol'],
        threshold: 2,
        tiers: ['standard', 'important'],
      },
    ],
  },
  signatures: [],
});

let shared: Scenario;
beforeAll(async () => {
  shared = await scenario({
    'public-keys/carol.pub': publicKeyFile('carol'),
    'public-keys/policy.json': policy,
  });
});
afterAll(() => shared[Symbol.asyncDispose]());

const sections = (page: string) => [...page.matchAll(/^### (.*)$/gm)].map(([, title]) => title);

describe('the page of a pull request', { tags: ['slow'] }, () => {
  it('has a block to copy for each signer who can still sign', async () => {
    const result = await shared.pull({
      'manifests/waves.json': signed(datasetOf('waves', '1.0.0'), 'alice'),
      'manifests/my winds.json': signed(datasetOf('winds', '1.0.0'), 'bob'),
    });
    expectRefused(result, { code: 'trust/not-enough-signers' });
    const block = (lines: readonly string[]) => ['```sh', ...lines, 'git push', '```'].join('\n');
    const number = /gh pr checkout (\d+)/.exec(result.summary)?.[1];
    expect(result.summary).toContain(
      block([
        `gh pr checkout ${number}`,
        'holdfast sign "manifests/my winds.json" manifests/waves.json',
        'git commit --all --message "Sign 2 datasets"',
      ]),
    );
    expect(result.summary).toContain('For alice:');
    expect(result.summary).toContain('git commit --all --message "Sign winds 1.0.0"');
  });

  it('begins with the data where only signatures are missing, and with the problems elsewhere', async () => {
    const unsigned = await shared.pull({
      'manifests/waves.json': signed(datasetOf('waves', '1.0.0'), 'alice'),
    });
    expect(sections(unsigned.summary)).toEqual([
      'What changes in the data',
      'The manifests',
      'What the merge will pin, once the errors are gone',
      'Who can sign',
      'Before the merge: publish',
      'What to do about 1 error',
    ]);
    const broken = await shared.pull({
      'manifests/waves.json': signed(datasetOf('waves', '1.0.0'), 'mallory'),
    });
    expect(sections(broken.summary)[0]).toMatch(/^What to do about/);
  });

  it('folds long lists, and shows nothing of a path as Markdown', async () => {
    const texts = Object.fromEntries(
      Array.from({ length: 600 }, (_, index) => [`data/${index % 40}/<b>${index}|@alice.csv`, `${index}`]),
    );
    const result = await shared.pull({
      'manifests/many.json': signed(datasetWith('many', '1.0.0', texts), 'alice', 'bob'),
    });
    expectValid(result);
    expect(result.summary).toContain('the first 200 files</summary>');
    expect(result.summary).toContain('400 more files changed');
    expect(result.summary).not.toMatch(/<b>|@alice/);
    expect(result.summary.match(/<details>/g)?.length).toBe(result.summary.match(/<\/details>/g)?.length);
  });
});
