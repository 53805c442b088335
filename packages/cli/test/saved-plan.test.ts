// @module-tag slow

import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { type Sandbox, sandbox } from './support/holdfast.ts';
import { git, initialized, signedTides } from './support/repository.ts';

const local = ['--local', 'copies'];

/** A repository with one dataset merged, its content in the folder, and a plan for it in plan.json. */
async function planned(box: Sandbox): Promise<string> {
  await initialized(box);
  const file = await signedTides(box, { tier: 'ephemeral' });
  await git(box, 'add', 'manifests');
  await git(box, 'commit', '-q', '-m', 'Add tides');
  await box.run(['publish', 'data', ...local]);
  const { stdout } = await box.run(['plan', ...local, '--out', 'plan.json']);
  expect(stdout).toContain('next: holdfast pin --plan plan.json');
  return file;
}

/** Another dataset on the commit, which the plan does not know. */
async function moveOn(box: Sandbox, version = '2.0.0'): Promise<void> {
  await signedTides(box, { name: 'waves', tier: 'ephemeral', version });
  await git(box, 'add', 'manifests');
  await git(box, 'commit', '-q', '-m', 'Add waves');
}

describe('pin --plan', () => {
  it('does what was saved, and is as good a second time', async () => {
    await using box = await sandbox();
    await planned(box);
    const first = await box.json(['pin', '--plan', 'plan.json', ...local]);
    expect(first.document).toMatchObject({ exitCode: 0, result: { outcome: 'satisfied', satisfied: 1 } });
    const again = await box.json(['pin', '--plan', 'plan.json', ...local]);
    expect(again.document).toMatchObject({ exitCode: 0, result: { steps: [{ kind: 'keep' }] } });
  });

  it('refuses where the commit has moved since, names what is new, and changes nothing', async () => {
    await using box = await sandbox();
    await planned(box);
    await moveOn(box);
    const { code, stderr } = await box.run(['pin', '--plan', 'plan.json', ...local]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/the plan in plan\.json, made at \S+, is not what would be done now/);
    expect(stderr).toContain('pin waves@2.0.0 is new: ');
    expect(stderr).toContain('nothing was changed; look at what would be: holdfast plan --out plan.json');
    const { document } = await box.json(['status', ...local]);
    expect(document).toMatchObject({ result: { unhealthy: 2 } });
  });

  it('refuses where the same content is asked for by more datasets', async () => {
    await using box = await sandbox();
    await planned(box);
    await moveOn(box, '1.0.0');
    const { code, stderr } = await box.run(['pin', '--plan', 'plan.json', ...local]);
    expect(code).toBe(2);
    expect(stderr).toContain('pin tides@1.0.0, 1 copy is now pin tides@1.0.0 and waves@1.0.0, 1 copy');
  });

  it('refuses where a dataset is not asked for any more', async () => {
    await using box = await sandbox();
    const file = await planned(box);
    await git(box, 'rm', '-q', file);
    await moveOn(box);
    const { code, stderr } = await box.run(['pin', '--plan', 'plan.json', ...local]);
    expect(code).toBe(2);
    expect(stderr).toContain('pin tides@1.0.0 is not asked for any more');
  });

  it('refuses another target and another owner', async () => {
    await using box = await sandbox();
    await planned(box);
    const elsewhere = await box.run(['pin', '--plan', 'plan.json', '--local', 'others']);
    expect(elsewhere.code).toBe(2);
    expect(elsewhere.stderr).toMatch(/it was made for folder .*copies, and this is folder .*others/);
    const owner = ['--owner', 'github.com/acme/other'];
    const other = await box.run(['pin', '--plan', 'plan.json', ...local, ...owner]);
    expect(other.code).toBe(2);
    expect(other.stderr).toContain(
      'it was made for github.com/acme/tides, and this is github.com/acme/other',
    );
  });

  it('keeps the manifests that were named, and takes none beside it', async () => {
    await using box = await sandbox();
    const file = await planned(box);
    await box.run(['plan', file, ...local, '--out', 'one.json']);
    await moveOn(box);
    const one = await box.json(['pin', '--plan', 'one.json', ...local]);
    expect(one.document).toMatchObject({ exitCode: 0, result: { satisfied: 1 } });
    const beside = await box.run(['pin', file, '--plan', 'one.json', ...local]);
    expect(beside).toMatchObject({ code: 2, stderr: expect.stringContaining('--plan takes no manifests') });
    const withdraw = await box.run(['pin', '--plan', 'one.json', '--on-withdraw', 'unpin', ...local]);
    expect(withdraw).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--plan takes no --on-withdraw'),
    });
  });

  it.each([
    ['cut', (text: string) => text.slice(0, 100)],
    ['of another kind', () => '{"plan":2}'],
    ['with a change that is none', (text: string) => text.replace(/"kind": "\w+"/, '"kind": 1')],
    ['empty', () => ''],
  ])('refuses a file that is %s', async (_, edit) => {
    await using box = await sandbox();
    await planned(box);
    const place = `${box.folder}/plan.json`;
    await writeFile(place, edit(await readFile(place, 'utf8')));
    const { code, stderr } = await box.run(['pin', '--plan', 'plan.json', ...local]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining('plan.json is not a plan, expected what holdfast plan --out wrote'),
    });
  });
});
