import { afterAll, beforeAll, expect, it } from 'vitest';
import { merged, publicKeyFile, type Scenario, scenario } from './scenario.ts';

let shared: Scenario;
beforeAll(async () => {
  shared = await scenario();
});
afterAll(() => shared[Symbol.asyncDispose]());

const policy = (threshold: number) =>
  JSON.stringify({
    policy: {
      version: threshold,
      signers: { alice: { keys: ['alice.pub'] }, bob: { keys: ['bob.pub'] } },
      rules: [{ manifests: ['**'], signers: ['alice', 'bob'], threshold, tiers: ['standard'] }],
    },
    signatures: [],
  });

it('a key replaced by a stranger’s is explained on the page and in the log, with the datasets that fall', async () => {
  const result = await shared.pull({ 'public-keys/alice.pub': publicKeyFile('mallory') });
  expect(result.exitCode).toBe(0);
  expect(result.visible).toContain('Valid: changes who may sign, with 2 effects to weigh');
  for (const shown of [result.visible, result.summary.replaceAll('&#58;', ':')]) {
    expect(shown).toMatch(/whoever has SHA256:\S+ now signs as alice/);
    expect(shown).toMatch(/alice gets the key SHA256:/);
    expect(shown).toMatch(/alice loses the key SHA256:/);
    expect(shown).toContain(
      `tides 1.0.0 no longer has the signatures it needs: needs 1 of alice, bob; has none`,
    );
    expect(shown).toContain(merged);
  }
  expect(result.summary).toContain('### Who may sign');
});

it('a policy that comes, is raised and goes is told in words', async () => {
  await using own = await scenario({ 'public-keys/policy.json': policy(1) });
  const raised = await own.pull({ 'public-keys/policy.json': policy(2) });
  expect(raised.summary).toContain('2 of alice, bob; standard; any size (before: 1 of alice, bob');
  expect(raised.summary).toContain('tides 1.0.0 no longer has the signatures it needs');
  const gone = await own.pull({ 'public-keys/policy.json': null });
  expect(gone.summary).toContain('every key may now sign everything, alone: the policy is gone');
});

it('a file beside the keys changes nothing in who may sign, and the page says so', async () => {
  const result = await shared.pull({ 'public-keys/bob.pub': `${publicKeyFile('bob')}\n` });
  expect(result.summary).toContain('Nothing changes in who may sign.');
  expect(result.visible).toContain('Valid: nothing changes in who may sign');
});
