import { randomBytes } from 'node:crypto';
import { startKubo, type TestKubo } from '@holdfast/testkit';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { pinName } from '../../src/target/pin-name.ts';
import { KuboTarget } from '../../src/targets/kubo/kubo-target.ts';
import { compliance, copiesOf, noContent, numberedCid, stateOf, statesOf, wanted } from './compliance.ts';

let kubo: TestKubo;

beforeAll(async () => {
  kubo = await startKubo({ nodes: 3 });
}, 120_000);
afterAll(async () => kubo.close());

const content = () => kubo.addContent(randomBytes(200));

function target(pinTimeoutMs = 5_000, regions = ['eu', 'us', 'ap']): KuboTarget {
  const endpoints = kubo.urls.map((url, index) => ({
    url,
    name: `node-${index}`,
    region: regions[index] ?? 'eu',
  }));
  return new KuboTarget({ endpoints, pinTimeoutMs, callTimeoutMs: 5_000 });
}

compliance('KuboTarget', async () => ({
  target: target(),
  most: 3,
  content,
  async [Symbol.asyncDispose]() {},
}));

describe('KuboTarget on real nodes', () => {
  test('inspect shows each node with its free space', async () => {
    const info = await target().inspect();
    expect(info.version).toMatch(/^kubo\/0\.43/);
    expect(info.peers.map((peer) => [peer.id, peer.name, peer.region])).toEqual(
      kubo.nodes.map((node, index) => [node.id, `node-${index}`, ['eu', 'us', 'ap'][index]]),
    );
    for (const peer of info.peers) expect(peer.freeSpace).toBeGreaterThan(1_000_000);
  });

  test('at most the wanted number is pinned, in different regions, the same after another process', async () => {
    const cid = await content();
    await target(5_000, ['eu', 'eu', 'us']).pin(cid, wanted({ min: 2, max: 2 }));
    const again = target(5_000, ['eu', 'eu', 'us']);
    await again.pin(cid, wanted({ min: 2, max: 2 }));
    const state = await stateOf(again, cid);
    expect(copiesOf(state)).toBe(2);
    const regions = state.peers.filter((peer) => peer.state === 'pinned').map((peer) => peer.region);
    expect(new Set(regions)).toEqual(new Set(['eu', 'us']));
  });

  test('raising adds copies and lowering takes some away', async () => {
    const cid = await content();
    for (const copies of [1, 3, 2]) {
      await target().pin(cid, wanted({ min: copies, max: copies }));
      const state = await stateOf(target(), cid);
      expect(copiesOf(state)).toBe(copies);
      expect(state.pin?.allocations).toHaveLength(copies);
    }
  });

  test('a pin that somebody else made has no owner and is left as it is', async () => {
    const cid = await content();
    await kubo.nodes[1]?.rpc('pin/add', { arg: cid, name: 'mine' });
    const { pin } = await stateOf(target(), cid);
    expect(pin).toEqual({
      name: 'mine',
      min: 1,
      max: 1,
      origins: [],
      metadata: {},
      allocations: [kubo.nodes[1]?.id],
    });
  });

  describe('a pin that somebody makes by hand beside ours', () => {
    const both = async (first: 'ours' | 'theirs') => {
      const cid = await content();
      const make = async (whose: 'ours' | 'theirs') => {
        if (whose === 'ours') return target().pin(cid, wanted({ metadata: ours }));
        const taken = await holdersOf(cid);
        const free = kubo.nodes.find((node) => !taken.includes(node.id));
        await free?.rpc('pin/add', { arg: cid, name: 'mine' });
        byHand = free?.id ?? '';
      };
      await make(first);
      await make(first === 'ours' ? 'theirs' : 'ours');
      return cid;
    };
    const ours = { 'holdfast-repo': 'github.com/a/b' };
    let byHand = '';
    const holdersOf = async (cid: string) =>
      (await stateOf(target(), cid)).peers.filter(({ state }) => state === 'pinned').map(({ peer }) => peer);

    test('stays when ours is removed', async () => {
      const cid = await both('ours');
      await target().unpin(cid);
      expect(await holdersOf(cid)).toEqual([byHand]);
      expect((await stateOf(target(), cid)).pin).toMatchObject({ name: 'mine', metadata: {} });
    });

    test('stays when ours was written again since, and is counted', async () => {
      const cid = await both('ours');
      await target().pin(cid, wanted({ min: 2, max: 2, metadata: ours }));
      expect(await holdersOf(cid)).toHaveLength(2);
      await target().unpin(cid);
      expect(await holdersOf(cid)).toEqual([byHand]);
      expect((await stateOf(target(), cid)).pin).toMatchObject({ name: 'mine', metadata: {} });
    });

    test('stays when fewer copies are wanted', async () => {
      const cid = await both('ours');
      await target().pin(cid, wanted({ min: 3, max: 3, metadata: ours }));
      await target().pin(cid, wanted({ metadata: ours }));
      const { pin } = await stateOf(target(), cid);
      const holders = await holdersOf(cid);
      expect(holders).toContain(byHand);
      // It may go any day: it is no reason to give up the one that is wanted.
      expect(holders).toHaveLength(2);
      expect(pin).toMatchObject({ min: 1, max: 1, metadata: ours });
      await target().pin(cid, wanted());
      expect(await holdersOf(cid)).toEqual([byHand]);
    });

    test('stays when it was there before, and is a stranger’s again afterwards', async () => {
      const cid = await both('theirs');
      await target().pin(cid, wanted({ min: 3, max: 3, metadata: ours }));
      expect((await stateOf(target(), cid)).pin).toMatchObject({ metadata: ours });
      await target().unpin(cid);
      expect(await holdersOf(cid)).toEqual([byHand]);
      expect((await stateOf(target(), cid)).pin).toMatchObject({ name: 'mine', metadata: {} });
    });

    test('is ours once it was removed by hand and made by us', async () => {
      const cid = await both('theirs');
      await target().pin(cid, wanted({ min: 3, max: 3, metadata: ours }));
      await kubo.nodes.find(({ id }) => id === byHand)?.rpc('pin/rm', { arg: cid });
      await target().pin(cid, wanted({ min: 3, max: 3, metadata: ours }));
      await target().unpin(cid);
      expect(await holdersOf(cid)).toEqual([]);
    });
  });

  test('a name is as long as a node takes it, or is refused before anything is asked of one', async () => {
    const cid = await content();
    const name = 'ä'.repeat(128);
    const call = target().pin(cid, wanted({ name }));
    await expect(call).rejects.toMatchObject({ code: 'invalid', retryable: false });
    await expect(call).rejects.toThrow('name expected at most 255 bytes, got 256: "äää');
    await target().pin(cid, wanted({ name: pinName(name) }));
    expect((await stateOf(target(), cid)).pin?.name).toBe(pinName(name));
  });

  test('content that nobody has ends in time, and shows as being fetched until then', async () => {
    const cid = numberedCid(7_000_001);
    const slow = target(1_500);
    const call = slow.pin(cid, wanted({ min: 1, max: 1 }));
    const refused = expect(call).rejects.toMatchObject({ code: 'timeout' });
    await vi.waitFor(async () =>
      expect((await stateOf(slow, cid)).peers.filter((peer) => peer.state === 'pinning')).toHaveLength(1),
    );
    await refused;
    const { peers } = await stateOf(slow, cid);
    expect(peers.every((peer) => peer.state === 'error' && peer.error !== undefined)).toBe(true);
  }, 20_000);

  test('content that was absent and appears is fetched by the next pin', async () => {
    const bytes = randomBytes(100);
    const cid = await kubo.addContent(bytes);
    await kubo.clean();
    const failed = target(400).pin(cid, wanted({ min: 2, max: 2 }));
    await expect(failed).rejects.toMatchObject({ code: 'timeout' });
    await kubo.addContent(bytes);
    await target().pin(cid, wanted({ min: 2, max: 2 }));
    expect(copiesOf(await stateOf(target(), cid))).toBe(2);
  }, 20_000);

  test('a node that is down is passed over, and more copies than the rest can hold fail', async () => {
    const [first, second] = kubo.nodes;
    if (!first || !second) throw new Error('expected three nodes');
    const cid = await kubo.addContent(randomBytes(100), { on: second });
    await kubo.stop(first);
    try {
      await target().pin(cid, wanted({ min: 2, max: 2 }));
      const state = await stateOf(target(), cid);
      expect(copiesOf(state)).toBe(2);
      expect(state.peers.filter((peer) => peer.state === 'down')).toHaveLength(1);
      const all = target().pin(cid, wanted({ min: 3, max: 3 }));
      await expect(all).rejects.toMatchObject({ code: 'unavailable', retryable: true });
      expect((await target().inspect()).peers.filter((peer) => peer.up)).toHaveLength(2);
    } finally {
      await kubo.restart(first);
    }
    await target().pin(cid, wanted({ min: 3, max: 3 }));
    expect(copiesOf(await stateOf(target(), cid))).toBe(3);
  }, 60_000);

  test('every node down is an error, not an empty answer', async () => {
    const dead = new KuboTarget({ endpoints: ['http://127.0.0.1:1'] });
    await expect(dead.inspect()).rejects.toMatchObject({ code: 'unavailable' });
    const state = await stateOf(dead, noContent);
    expect(state.peers.map((peer) => peer.state)).toEqual(['down']);
    await expect(statesOf(dead.observe())).rejects.toMatchObject({ code: 'unavailable' });
  });
});
