import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { LocalTarget } from '../src/targets/local/local-target.ts';
import { PinningServiceTarget } from '../src/targets/pinning-service/pinning-service-target.ts';
import { hastyClock } from './hasty-clock.ts';
import { liveOn } from './life-cycle.ts';
import { MemoryTarget } from './memory-target.ts';
import { peers } from './requests.ts';
import { leafOf } from './targets/car.ts';
import { PinningServiceStandIn } from './targets/pinning-service-stand-in.ts';

it('is lived in memory', async () => {
  await liveOn(new MemoryTarget(peers(4)), 'a', 3, hastyClock);
});

it('is lived in a folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-'));
  try {
    const target = new LocalTarget({ folder });
    const { cid, bytes } = leafOf(new TextEncoder().encode('life in a folder'));
    await target.putBlocks([{ cid, bytes }]);
    await liveOn(target, cid, 1, hastyClock);
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('is lived in three folders', async () => {
  const root = await mkdtemp(join(tmpdir(), 'holdfast-'));
  try {
    const target = new LocalTarget({ folder: ['a', 'b', 'c'].map((name) => join(root, name)) });
    const { cid, bytes } = leafOf(new TextEncoder().encode('life in three folders'));
    await target.putBlocks([{ cid, bytes }]);
    await liveOn(target, cid, 3, hastyClock);
  } finally {
    await rm(root, { recursive: true });
  }
});

it('is lived on a pinning service', async () => {
  const standIn = await PinningServiceStandIn.open();
  try {
    const { cid } = leafOf(new TextEncoder().encode('life on a service'));
    standIn.present.add(cid);
    const target = new PinningServiceTarget({ endpoint: standIn.url, token: standIn.token });
    await liveOn(target, cid, 1, hastyClock);
    expect(standIn.pins).toEqual([]);
  } finally {
    await standIn.close();
  }
});
