import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sandbox } from './support/holdfast.ts';

it('sends a folder of copies what it lacks, and says what was there', { tags: ['slow'] }, async () => {
  await using box = await sandbox();
  const publish = async () => (await box.json(['publish', 'data', '--local', 'copies'])).document.result;
  await box.write({ 'data/a/one': '1', 'data/a/two': '2', 'data/b/three': '3' });
  const first = await publish();
  expect(first).toMatchObject({ blocks: 6, sent: { blocks: 6, bytes: first.bytes } });
  expect((await publish()).sent).toEqual({ blocks: 0, bytes: 0 });
  await box.write({ 'data/b/three': 'changed' });
  expect((await publish()).sent.blocks).toBe(3);
  await box.write({ 'data/b/three': 'changed again' });
  const { stdout } = await box.run(['publish', 'data', '--local', 'copies']);
  expect(stdout).toContain('; 3 blocks of 6 were there already');
});

it('sends a folder of copies the block that it lost', { tags: ['slow'] }, async () => {
  await using box = await sandbox();
  await box.write({ 'data/a/one': '1', 'data/b/two': '2' });
  await box.run(['publish', 'data', '--local', 'copies']);
  const blocks = (await readdir(box.path('copies'), { recursive: true })).filter((name) =>
    /\/[0-9a-f]{64}$/.test(name),
  );
  for (const block of blocks) {
    await rm(join(box.path('copies'), block));
    const { document } = await box.json(['publish', 'data', '--local', 'copies']);
    expect(document.result.sent.blocks).toBeGreaterThan(0);
    expect((await readdir(box.path('copies'), { recursive: true })).includes(block)).toBe(true);
  }
  expect(blocks).toHaveLength(5);
});
