import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as dagPb from '@ipld/dag-pb';
import { CID } from 'multiformats/cid';
import { create } from 'multiformats/hashes/digest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Block } from '../../src/targets/local/block-folder.ts';
import { LocalTarget, type LocalTargetOptions } from '../../src/targets/local/local-target.ts';
import { blockOf, leafOf } from './car.ts';
import { compliance, copiesOf, noContent, stateOf, wanted } from './compliance.ts';

const folders: string[] = [];

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-local-'));
  folders.push(folder);
  return folder;
}

async function newTarget(options: Partial<LocalTargetOptions> = {}): Promise<LocalTarget> {
  return new LocalTarget({ folder: await newFolder(), ...options });
}

afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

/** A root with two leaves, root first. */
function tree(seed: Uint8Array = randomBytes(20)): Block[] {
  const leaves = [leafOf(seed), leafOf(new Uint8Array([...seed, 1]))];
  const Links = leaves.map((leaf, index) => ({ Hash: CID.parse(leaf.cid), Name: `${index}`, Tsize: 20 }));
  return [blockOf(dagPb.code, dagPb.encode(dagPb.prepare({ Links }))), ...leaves];
}

compliance('LocalTarget', async () => {
  const target = await newTarget();
  return {
    target,
    most: 1,
    async content() {
      const blocks = tree();
      await target.putBlocks(blocks);
      return blocks[0]?.cid ?? '';
    },
    async [Symbol.asyncDispose]() {},
  };
});

test('looks without making anything', async () => {
  const folder = await newFolder();
  const target = new LocalTarget({ folder: join(folder, 'not', 'yet') });
  expect((await target.inspect()).peers[0]?.freeSpace).toBeGreaterThan(0);
  for await (const state of target.observe()) expect.unreachable(state.cid);
  expect(await readdir(folder)).toEqual([]);
});

describe('LocalTarget', () => {
  let target: LocalTarget;
  beforeAll(async () => {
    target = await newTarget();
  });

  test('a pin waits for blocks and says which one is next', async () => {
    const [root, first, second] = tree() as [Block, Block, Block];
    await target.pin(root.cid, wanted());
    expect((await stateOf(target, root.cid)).peers[0]).toMatchObject({
      state: 'queued',
      error: expect.stringContaining(root.cid),
    });
    await target.putBlocks([root, second]);
    expect((await stateOf(target, root.cid)).peers[0]?.error).toContain(first.cid);
    await target.putBlocks([first]);
    expect(copiesOf(await stateOf(target, root.cid))).toBe(1);
  });

  test('a block that went missing is no copy any more', async () => {
    const folder = await newFolder();
    const own = new LocalTarget({ folder });
    const blocks = tree();
    await own.putBlocks(blocks);
    await own.pin(blocks[0]?.cid ?? '', wanted());
    for (const group of await readdir(join(folder, 'blocks')))
      await rm(join(folder, 'blocks', group), { recursive: true });
    expect(copiesOf(await stateOf(own, blocks[0]?.cid ?? ''))).toBe(0);
  });

  test('bytes that are not what their CID says are refused', async () => {
    const [root] = tree() as [Block];
    const forged = { cid: root.cid, bytes: new Uint8Array([...root.bytes, 0]) };
    await expect(target.putBlocks([forged])).rejects.toMatchObject({ code: 'invalid' });
    expect(await target.getBlock(root.cid)).toBeUndefined();
  });

  test('a source of blocks fills a pin, and what it forges is refused', async () => {
    const blocks = new Map(tree().map(({ cid, bytes }) => [cid, bytes]));
    const [root = ''] = blocks.keys();
    const fetching = await newTarget({ fetchBlock: async (cid) => blocks.get(cid) });
    await fetching.pin(root, wanted());
    expect(copiesOf(await stateOf(fetching, root))).toBe(1);
    const lying = await newTarget({ fetchBlock: async () => new Uint8Array([1]) });
    await expect(lying.pin(root, wanted())).rejects.toMatchObject({ code: 'invalid' });
  });

  test('content that was absent at first is fetched by recover', async () => {
    const blocks = new Map<string, Uint8Array>();
    const later = await newTarget({ fetchBlock: async (cid) => blocks.get(cid) });
    const [root, ...leaves] = tree() as [Block, ...Block[]];
    await later.pin(root.cid, wanted());
    expect(copiesOf(await stateOf(later, root.cid))).toBe(0);
    for (const it of [root, ...leaves]) blocks.set(it.cid, it.bytes);
    await later.recover(root.cid);
    expect(copiesOf(await stateOf(later, root.cid))).toBe(1);
  });

  test('a pin ends at its time', async () => {
    let now = Date.parse('2026-01-01T00:00:00Z');
    const clock = { now: () => now, sleep: async () => {} };
    const own = await newTarget({ clock });
    const [root, ...leaves] = tree() as [Block, ...Block[]];
    await own.putBlocks([root, ...leaves]);
    await own.pin(root.cid, wanted({ expires: '2026-01-02T00:00:00Z' }));
    expect((await stateOf(own, root.cid)).pin).toBeDefined();
    now += 86_400_000;
    expect((await stateOf(own, root.cid)).pin).toBeUndefined();
    expect(await own.collectGarbage()).toBe(3);
  });

  test('collecting garbage keeps what another pin shares', async () => {
    const own = await newTarget();
    const [a, shared, rest] = tree() as [Block, Block, Block];
    await own.putBlocks([a, shared, rest]);
    await own.pin(a.cid, wanted());
    await own.pin(shared.cid, wanted());
    await own.unpin(a.cid);
    expect(await own.collectGarbage()).toBe(2);
    expect(copiesOf(await stateOf(own, shared.cid))).toBe(1);
  });

  test('a file that is no record is not a pin', async () => {
    const folder = await newFolder();
    const own = new LocalTarget({ folder });
    await mkdir(join(folder, 'pins'));
    await writeFile(join(folder, 'pins', `${noContent}.json`), '{"min":"many"}');
    expect((await stateOf(own, noContent)).pin).toBeUndefined();
  });

  test('a folder that cannot be written to is a failure of the world', async () => {
    const nowhere = new LocalTarget({ folder: '/dev/null/pins' });
    await expect(nowhere.inspect()).rejects.toMatchObject({ name: 'PinningError', code: 'invalid' });
    await expect(nowhere.pin(noContent, wanted())).rejects.toMatchObject({ name: 'PinningError' });
  });

  test('hashes that this target cannot check are refused', async () => {
    const identity = CID.create(1, 0x55, create(0, new Uint8Array([1]))).toString();
    await expect(target.putBlocks([{ cid: identity, bytes: new Uint8Array([1]) }])).rejects.toMatchObject({
      code: 'unsupported',
    });
  });
});
