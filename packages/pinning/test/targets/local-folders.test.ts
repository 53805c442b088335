import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as dagPb from '@ipld/dag-pb';
import { CID } from 'multiformats/cid';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { heal } from '../../src/heal/heal.ts';
import { LocalTarget } from '../../src/targets/local/local-target.ts';
import { hastyClock } from '../hasty-clock.ts';
import { copies, owner, request } from '../requests.ts';
import { blockOf, leafOf } from './car.ts';
import { compliance, copiesOf, noContent, stateOf, wanted } from './compliance.ts';

const roots: string[] = [];
let folders: readonly [string, string, string];
let target: LocalTarget;

async function threeFolders(): Promise<typeof folders> {
  const root = await mkdtemp(join(tmpdir(), 'holdfast-folders-'));
  roots.push(root);
  return [join(root, 'oslo'), join(root, 'lisbon'), join(root, 'nairobi')];
}

beforeEach(async () => {
  folders = await threeFolders();
  target = new LocalTarget({ folder: folders });
});
afterAll(() => Promise.all(roots.map((root) => rm(root, { recursive: true }))));

/** A root with two leaves, which the target takes in. */
async function content(to = target): Promise<string> {
  const leaves = [leafOf(randomBytes(20)), leafOf(randomBytes(20))];
  const Links = leaves.map((leaf, index) => ({ Hash: CID.parse(leaf.cid), Name: `${index}`, Tsize: 20 }));
  const root = blockOf(dagPb.code, dagPb.encode(dagPb.prepare({ Links })));
  await to.putBlocks([root, ...leaves]);
  return root.cid;
}

compliance('LocalTarget in three folders', async () => {
  const own = new LocalTarget({ folder: await threeFolders() });
  return { target: own, most: 3, content: () => content(own), async [Symbol.asyncDispose]() {} };
});

const statesIn = async (cid: string) =>
  (await stateOf(target, cid)).peers.map(({ name, state }) => `${name} ${state}`);

test('each folder that holds a copy holds all of it', async () => {
  const cid = await content();
  await target.pin(cid, wanted({ min: 3, max: 3 }));
  for (const folder of folders) {
    const alone = new LocalTarget({ folder });
    expect(copiesOf(await stateOf(alone, cid))).toBe(1);
  }
});

test('copies stay where they are, and go where they are asked for', async () => {
  const cid = await content();
  const [, , nairobi] = folders;
  await target.pin(cid, wanted({ allocations: [nairobi] }));
  expect(await statesIn(cid)).toEqual(['oslo absent', 'lisbon absent', 'nairobi pinned']);
  await target.pin(cid, wanted({ min: 2, max: 2 }));
  expect(await statesIn(cid)).toEqual(['oslo pinned', 'lisbon absent', 'nairobi pinned']);
});

test('a folder that is lost is filled again from the others', async () => {
  const cid = await content();
  const desired = [request(cid, { copies: copies(3, 3) })];
  const look = () => heal(desired, target, { owner, deadlineMs: 3_600_000, clock: hastyClock });
  expect((await look()).items[0]?.outcome).toBe('satisfied');
  // The first one: the one that content comes into.
  await rm(folders[0], { recursive: true });
  expect(await statesIn(cid)).toEqual(['oslo absent', 'lisbon pinned', 'nairobi pinned']);
  expect((await look()).items[0]?.outcome).toBe('satisfied');
  expect(await statesIn(cid)).toEqual(['oslo pinned', 'lisbon pinned', 'nairobi pinned']);
  // And where only blocks went, and the record of the pin is there still.
  await rm(join(folders[1], 'blocks'), { recursive: true });
  expect(await statesIn(cid)).toEqual(['oslo pinned', 'lisbon error', 'nairobi pinned']);
  expect((await look()).items[0]?.outcome).toBe('satisfied');
  expect(await statesIn(cid)).toEqual(['oslo pinned', 'lisbon pinned', 'nairobi pinned']);
});

test('a block that went bad in one folder is passed over, and that of the next is taken', async () => {
  const cid = await content();
  await target.pin(cid, wanted({ min: 3, max: 3 }));
  const [link] = dagPb.decode((await target.getBlock(cid)) ?? new Uint8Array()).Links;
  const leaf = link?.Hash.toString() ?? '';
  const whole = await target.getBlock(leaf);
  const name = Buffer.from(link?.Hash.multihash.digest ?? []).toString('hex');
  await writeFile(join(folders[0], 'blocks', name.slice(-2), name), 'bad');
  await rm(folders[1], { recursive: true });
  await target.pin(cid, wanted({ min: 3, max: 3 }));
  expect(await new LocalTarget({ folder: folders[1] }).getBlock(leaf)).toEqual(whole);
});

test('a folder that cannot be used is down, and the others go on', async () => {
  const cid = await content();
  await writeFile(folders[2], 'not a folder');
  expect((await target.inspect()).peers.map(({ name, up }) => [name, up])).toEqual([
    ['oslo', true],
    ['lisbon', true],
    ['nairobi', false],
  ]);
  await target.pin(cid, wanted({ min: 2, max: 3 }));
  expect(await statesIn(cid)).toEqual(['oslo pinned', 'lisbon pinned', 'nairobi down']);
  await expect(target.pin(cid, wanted({ min: 3, max: 3 }))).rejects.toMatchObject({ name: 'PinningError' });
});

test('one folder under two names is refused: it would count one copy twice', async () => {
  const twice = () => new LocalTarget({ folder: [folders[0], `${folders[0]}/`] });
  expect(twice).toThrow(/a folder once, got .*oslo twice/);
  await mkdir(folders[0]);
  await symlink(folders[0], folders[1]);
  await expect(target.pin(noContent, wanted({ min: 2, max: 2 }))).rejects.toMatchObject({ code: 'invalid' });
  expect(() => new LocalTarget({ folder: [] })).toThrow('at least one folder');
});
