// @module-tag slow

import { readFile, rm, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { gatewayOf } from './support/gateway.ts';
import { type Sandbox, sandbox } from './support/holdfast.ts';
import { expectOk, git, initialized, signedTides, unsignedTides } from './support/repository.ts';

/** Fetches from a gateway that has the content, so that only trust decides. */
async function fetched(box: Sandbox, args: readonly string[]) {
  await using gateway = await gatewayOf(box.path('data'));
  return await box.json(['fetch', ...args, '--gateway', gateway.url]);
}

describe('fetch and who signed', () => {
  it('says who signed what it downloads', async () => {
    await using box = await sandbox();
    await initialized(box);
    const file = await signedTides(box);
    await using gateway = await gatewayOf(box.path('data'));
    const said = await expectOk(box, ['fetch', file, '--gateway', gateway.url]);
    expect(said).toContain('tides-1.0.0, signed by alice');
  });

  it('downloads nothing for an unsigned manifest, and everything with --unsigned', async () => {
    await using box = await sandbox();
    await initialized(box);
    const file = await unsignedTides(box);
    const { document } = await fetched(box, [file, '-o', 'out']);
    expect(document).toMatchObject({ exitCode: 1, result: null });
    expect(document.problems.map(({ code }) => code)).toContain('trust/not-enough-signers');
    await expect(readFile(box.path('out/1990.csv'))).rejects.toThrow('ENOENT');
    const unchecked = await fetched(box, [file, '-o', 'out', '--unsigned']);
    expect(unchecked.document).toMatchObject({ exitCode: 0, result: { signedBy: null } });
  });

  it('refuses a manifest that somebody edited after it was signed', async () => {
    await using box = await sandbox();
    await initialized(box);
    const file = await signedTides(box);
    const text = await readFile(box.path(file), 'utf8');
    await writeFile(box.path(file), text.replace('Hourly tide gauges', 'Daily tide gauges'));
    const { document } = await fetched(box, [file]);
    expect(document.exitCode).toBe(1);
    expect(document.problems.map(({ code }) => code)).toContain('signature/invalid');
  });

  it('wants --unsigned where there are no keys to check with', async () => {
    await using box = await sandbox();
    await initialized(box);
    const file = await signedTides(box);
    await rm(box.path('public-keys'), { recursive: true });
    const { document } = await fetched(box, [file]);
    expect(document).toMatchObject({
      exitCode: 2,
      error: { hint: expect.stringContaining('download unchecked with --unsigned') },
    });
    expect((await fetched(box, [file, '--unsigned'])).code).toBe(0);
  });

  it('takes a manifest that was merged before the key of its signer ended', async () => {
    await using box = await sandbox();
    await initialized(box);
    const file = await signedTides(box);
    const place = box.path('public-keys/policy.json');
    const policy = JSON.parse(await readFile(place, 'utf8'));
    policy.policy.signers.alice.validUntil = '2020-01-01T00:00:00Z';
    await writeFile(place, JSON.stringify(policy));
    expect((await fetched(box, [file])).document.problems[0]?.code).toBe('trust/not-enough-signers');
    await git(box, 'add', '.');
    await git(box, 'commit', '-q', '-m', 'Add tides');
    expect((await fetched(box, [file])).document).toMatchObject({
      exitCode: 0,
      result: { signedBy: ['alice'] },
    });
  });

  it('says that a dataset was withdrawn, and why, and wants --withdrawn', async () => {
    await using box = await sandbox();
    await initialized(box);
    const file = await signedTides(box);
    await expectOk(box, ['revise', file, '--withdraw', 'contains personal data']);
    await expectOk(box, ['sign', file]);
    const { document } = await fetched(box, [file]);
    expect(document).toMatchObject({
      exitCode: 2,
      error: {
        message: 'tides 1.0.0 was withdrawn: contains personal data',
        hint: expect.stringContaining('--withdrawn'),
      },
    });
    expect((await fetched(box, [file, '--withdrawn'])).code).toBe(0);
  });

  it('asks no signature for a CID', async () => {
    await using box = await sandbox();
    await box.write({ 'data/1990.csv': 'time,metres\n' });
    const cid = (await expectOk(box, ['cid', '--quiet', 'data'])).trim();
    expect((await fetched(box, [cid])).document).toMatchObject({ exitCode: 0, result: { signedBy: null } });
  });
});
