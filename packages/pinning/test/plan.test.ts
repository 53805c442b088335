import { describe, expect, it } from 'vitest';
import type { PinRequest } from '../src/desired/request.ts';
import { type PlanContext, planPins } from '../src/plan/plan.ts';
import { claimsKey, ownerKey, readClaims, writeClaims } from '../src/target/claim-metadata.ts';
import { MemoryTarget } from './memory-target.ts';
import { copies, owner, peers, request } from './requests.ts';

const now = Date.parse('2026-11-21T06:30:00Z');
const known = '12D3KooWFsXSXRosyLEnJ9UG4rNZpdhN1p1rEAaGFTSYvRS95v2b';
const origin = `/ip4/127.0.0.1/tcp/4001/p2p/${known}`;
const mine = writeClaims([{ owner, id: 'a@1.0.0', min: 2, max: 3, regions: 0 }]);

function plan(target: MemoryTarget, desired: readonly PinRequest[], more: Partial<PlanContext> = {}) {
  const cids = [...new Set([...desired.map(({ cid }) => cid), ...target.pins.keys()])];
  return planPins(
    desired,
    cids.map((cid) => target.state(cid)),
    { owner, info: target.info(), at: new Date(now), ...more },
  );
}

async function pinned(
  count: number,
  min: number,
  max: number,
  metadata: Record<string, string>,
  regions: string[] = [],
) {
  const target = new MemoryTarget(peers(count, regions));
  await target.pin('a', { name: 'dataset a', min, max, origins: [], metadata });
  target.settle();
  return target;
}

describe('a plan', () => {
  it('pins what nobody pinned, in one write with what it says of its owner', () => {
    const target = new MemoryTarget(peers(3));
    const [step] = plan(target, [request('a', { totalSize: 10, origins: [origin] })]).steps;
    expect(step).toMatchObject({ kind: 'pin', reason: 'not pinned yet; 2 to 3 wanted', adds: 3, bytes: 30 });
    expect(step?.writes).toEqual([
      {
        name: 'dataset a',
        min: 2,
        max: 3,
        origins: [origin],
        metadata: { [ownerKey]: owner, [claimsKey]: `{"${owner}":{"a@1.0.0":"2/3/0"}}` },
      },
    ]);
  });

  it('raises by asking for the wanted number as the least, then relaxing it', async () => {
    const target = await pinned(5, 1, 1, mine);
    const [step] = plan(target, [request('a', { copies: copies(3, 5) })]).steps;
    expect(step?.kind).toBe('raise');
    expect(step?.writes.map(({ min, max }) => [min, max])).toEqual([
      [5, 5],
      [3, 5],
    ]);
    // What the guard is against: the engine takes the short way without a word, and adds no copy.
    await target.pin('a', { name: 'dataset a', min: 1, max: 5, origins: [], metadata: mine });
    expect(target.pins.get('a')?.allocations).toHaveLength(1);
  });

  it('lowers only once the copies that would be left exist', async () => {
    const target = new MemoryTarget(peers(5));
    const wanted = [request('a', { copies: copies(1, 1) })];
    await target.pin('a', { name: 'dataset a', min: 5, max: 5, origins: [], metadata: mine });
    target.progress = (_cid, peer) => (peer === 'peer-4' ? 0 : { error: 'content not found' });
    target.settle();
    expect(plan(target, wanted).steps[0]?.writes.map(({ min, max }) => [min, max])).toEqual([[1, 5]]);
    target.progress = () => 0;
    target.settle();
    expect(plan(target, wanted).steps[0]).toMatchObject({ kind: 'lower', writes: [{ min: 1, max: 1 }] });
  });

  it('tops up what was pinned while a peer was away', async () => {
    const target = new MemoryTarget(peers(3));
    const away = target.peers[2];
    if (away) away.up = false;
    const wanted = [request('a')];
    await target.pin('a', { ...(plan(target, wanted).steps[0]?.writes[0] ?? never()) });
    target.settle();
    expect(plan(target, wanted).steps[0]?.kind).toBe('keep');
    if (away) away.up = true;
    expect(plan(target, wanted).steps[0]).toMatchObject({ kind: 'top-up', adds: 1 });
  });

  it('does not copy everything again because one peer of enough is away', async () => {
    const target = await pinned(4, 2, 3, mine);
    const [first, second] = target.peers;
    if (first) first.up = false;
    expect(plan(target, [request('a')]).steps[0]?.kind).toBe('keep');
    if (second) second.up = false;
    expect(plan(target, [request('a')]).steps[0]).toMatchObject({ kind: 'top-up', adds: 1 });
  });

  it('keeps the higher tier of two ids, and goes down to the other when it is withdrawn', async () => {
    const high = request('a', { id: 'high@1', copies: copies(3, 4) });
    const low = request('a', { id: 'low@1', copies: copies(1, 2) });
    const target = new MemoryTarget(peers(5));
    const [step] = plan(target, [high, low]).steps;
    expect(step).toMatchObject({ ids: ['high@1', 'low@1'], wanted: { min: 3, max: 4 } });
    await target.pin('a', step?.writes[0] ?? never());
    target.settle();
    expect(plan(target, [low]).steps[0]).toMatchObject({ kind: 'keep', ids: ['high@1', 'low@1'] });
    const lowered = plan(target, [low], { withdrawn: ['high@1'] }).steps[0];
    expect(lowered).toMatchObject({ kind: 'lower', ids: ['low@1'], writes: [{ min: 1, max: 2 }] });
    expect(plan(target, [], { withdrawn: ['high@1', 'low@1'] }).steps[0]?.kind).toBe('unpin');
  });

  it('removes nothing that was merely not asked for, unless it was withdrawn', async () => {
    const target = await pinned(3, 2, 3, mine);
    expect(plan(target, []).steps[0]?.kind).toBe('keep');
    expect(plan(target, [], { withdrawn: ['a@1.0.0'] }).steps[0]).toMatchObject({
      kind: 'unpin',
      reason: 'a@1.0.0 was withdrawn; nobody else wants it',
    });
  });

  it('leaves a pin to the other repository that wants it', async () => {
    const theirs = { owner: 'github.com/b/maps', id: 'maps@2', min: 1, max: 1, regions: 0 };
    const target = await pinned(
      3,
      2,
      3,
      writeClaims([{ owner, id: 'a@1.0.0', min: 2, max: 3, regions: 0 }, theirs]),
    );
    const [step] = plan(target, [], { withdrawn: ['a@1.0.0'] }).steps;
    expect(step).toMatchObject({ kind: 'release', writes: [{ min: 1, max: 1, name: 'dataset a' }] });
    expect(readClaims({ ...(step?.writes[0] ?? never()), allocations: [] })).toEqual([theirs]);
  });

  it('counts a pin of others that is enough, and says so of one that is not; it changes neither', async () => {
    const enough = await pinned(3, 2, 3, { by: 'hand' });
    expect(plan(enough, [request('a')]).steps[0]).toMatchObject({ kind: 'adopt', writes: [] });
    const few = await pinned(3, 1, 1, { by: 'hand' });
    expect(plan(few, [request('a')]).steps[0]).toMatchObject({
      kind: 'conflict',
      reason:
        "pinned by others on 1 peer, where 2 are wanted; not changed, since it is not this repository's",
      writes: [],
    });
  });

  it('extends an end, and keeps name, metadata and origins while at it', async () => {
    const target = new MemoryTarget(peers(3));
    const end = '2027-01-01T00:00:00Z';
    const wanted = request('a', {
      expires: end,
      metadata: { 'org.example.doi': '10.1/x' },
      origins: [origin],
    });
    await target.pin('a', plan(target, [wanted]).steps[0]?.writes[0] ?? never());
    target.settle();
    const [step] = plan(target, [{ ...wanted, expires: '2028-01-01T00:00:00Z' }]).steps;
    expect(step).toMatchObject({
      kind: 'extend',
      writes: [{ name: 'dataset a', expires: '2028-01-01T00:00:00Z', origins: [origin] }],
    });
    expect(step?.writes[0]?.metadata).toMatchObject({ 'org.example.doi': '10.1/x', [ownerKey]: owner });
  });

  it('cuts a name that a node or a service would refuse, the same way each time', async () => {
    const target = new MemoryTarget(peers(3));
    for (const name of ['n'.repeat(256), 'ä'.repeat(128), `${'n'.repeat(252)}𝄞${'n'.repeat(9)}`]) {
      const wanted = request('a', { name });
      const [step] = plan(target, [wanted]).steps;
      const write = step?.writes[0] ?? never();
      expect(Buffer.byteLength(write.name)).toBeLessThanOrEqual(255);
      expect(write.name.isWellFormed()).toBe(true);
      expect(name.startsWith(write.name.slice(0, -1)) && write.name.endsWith('…')).toBe(true);
      expect(step?.name).toBe(name);
      await target.pin('a', write);
      target.settle();
      expect(plan(target, [wanted]).steps[0]?.kind).toBe('keep');
      await target.unpin('a');
    }
    const [whole] = plan(target, [request('a', { name: 'n'.repeat(255) })]).steps;
    expect(whole?.writes[0]?.name).toBe('n'.repeat(255));
  });

  describe('of origins', () => {
    const state = { cid: 'a', peers: [] };
    const info = { kind: 'cluster', peers: [] } as const;
    const stepFor = (origins: readonly string[]) =>
      planPins([request('a', { origins })], [state], { owner, info, at: new Date(0) }).steps[0] ?? never();
    const numbered = (name: string) =>
      Array.from({ length: 50 }, (_, index) => `/dns4/${name}-${index}.example.org/tcp/4001/p2p/${known}`);

    it('leaves out those that no target takes, rather than have the pin refused, and says so', () => {
      const bare = `/p2p/${known}`;
      const behind = `${origin}/p2p-circuit/p2p/${known}`;
      const useless = [
        `/dns4/a,b.example.org/tcp/4001/p2p/${known}`,
        '/ip4/127.0.0.1/tcp/4001',
        `${origin}/p2p-circuit`,
        '/ip4/127.0.0.1/tcp/4001/p2p/k51qzi5uqu5dhb6l8spkdx7yxafegfkee5by8h7lmjh2ehc2sgg34z7c15vzqs',
      ];
      const step = stepFor([bare, ...useless, behind, origin, origin]);
      expect(step.writes[0]?.origins).toEqual([bare, behind, origin]);
      expect(step.reason).toContain('leaves out 4 of 7 origins');
    });

    it('takes no more than a pinning service does, and says so', () => {
      const step = stepFor(
        Array.from({ length: 50 }, (_, index) => `/ip4/1.1.1.${index}/tcp/1/p2p/${known}`),
      );
      expect(step.writes[0]?.origins).toHaveLength(20);
      expect(step.reason).toContain('leaves out 30 of 50 origins');
    });

    it('takes no more than a request has room for', () => {
      const good = numbered('a-rather-long-name-of-a-node');
      const { origins = [] } = stepFor(good).writes[0] ?? {};
      expect(origins.length).toBeGreaterThan(10);
      expect(origins).toEqual(good.slice(0, origins.length));
      expect(encodeURIComponent(origins.join(',')).length).toBeLessThan(2_000);
    });

    it('keeps none that somebody gave by hand and this package would refuse to write', async () => {
      const target = new MemoryTarget(peers(3));
      const origins = [`${origin}/p2p-circuit`, origin];
      await target.pin('a', { name: 'dataset a', min: 1, max: 1, origins, metadata: mine });
      target.settle();
      const [step] = plan(target, [request('a')]).steps;
      expect(step?.writes.map((write) => write.origins)).toEqual([[origin], [origin]]);
    });

    it('says nothing where all are taken, or none is needed any more', async () => {
      expect(stepFor([origin]).reason).not.toContain('origin');
      const target = await pinned(3, 2, 3, mine);
      const [step] = plan(target, [request('a', { origins: numbered('n'), name: 'another' })]).steps;
      expect(step?.kind).toBe('update');
      expect(step?.reason).not.toContain('leaves out');
    });
  });

  it('takes an end that a target rounded for the same', async () => {
    const target = new MemoryTarget(peers(3));
    const wanted = request('a', { expires: '2027-01-01T00:00:00.789Z' });
    const write = plan(target, [wanted]).steps[0]?.writes[0] ?? never();
    await target.pin('a', { ...write, expires: '2027-01-01T00:00:00Z' });
    target.settle();
    expect(plan(target, [wanted]).steps[0]?.kind).toBe('keep');
  });

  it('lets go of what has ended', async () => {
    const target = await pinned(3, 2, 3, mine);
    const ended = request('a', { expires: '2020-01-01T00:00:00Z' });
    expect(plan(target, [ended]).steps[0]?.kind).toBe('unpin');
    target.pins.clear();
    expect(plan(target, [ended]).steps[0]?.kind).toBe('expired');
  });

  it('lets go of a pin whose other claims have ended: they could not be written again', async () => {
    const ended = {
      owner: 'github.com/b/maps',
      id: 'm@1',
      min: 1,
      max: 1,
      regions: 0,
      expires: '2026-01-01T00:00:00Z',
    };
    const own = { owner, id: 'a@1.0.0', min: 1, max: 1, regions: 0 };
    const target = new MemoryTarget(peers(3));
    await target.pin('a', {
      name: 'a',
      min: 1,
      max: 1,
      origins: [],
      metadata: writeClaims([own, ended]),
    });
    const context = { owner, info: target.info(), withdrawn: ['a@1.0.0'] };
    const kindAt = (time: string) =>
      planPins([], [target.state('a')], { ...context, at: new Date(time) }).steps[0]?.kind;
    expect(kindAt('2025-12-31T00:00:00Z')).toBe('release');
    expect(kindAt('2026-01-02T00:00:00Z')).toBe('unpin');
  });

  it('spreads over regions: new copies where there are none yet', () => {
    const target = new MemoryTarget([
      ...['eu-1', 'eu-2', 'eu-3'].map((id) => ({ id, region: 'eu', freeSpace: 900 })),
      { id: 'us-1', region: 'us', freeSpace: 100 },
      { id: 'ap-1', region: 'ap', freeSpace: 100 },
    ]);
    const [step] = plan(target, [request('a', { copies: copies(3, 3, 3), totalSize: 1 })]).steps;
    expect([...(step?.writes[0]?.allocations ?? [])].sort()).toEqual(['ap-1', 'eu-1', 'us-1']);
  });

  it('adds a copy elsewhere where all of them sit in one region', async () => {
    const target = new MemoryTarget(peers(4, ['eu', 'eu', 'eu', 'us']));
    await target.pin('a', { name: 'dataset a', min: 3, max: 3, origins: [], metadata: mine });
    target.settle();
    const wanted = [request('a', { copies: copies(3, 3, 2) })];
    const [step] = plan(target, wanted).steps;
    expect(step).toMatchObject({ kind: 'raise', adds: 1 });
    for (const write of step?.writes ?? []) await target.pin('a', write);
    target.settle();
    expect(target.pins.get('a')?.allocations).toContain('peer-3');
    expect(plan(target, wanted).steps[0]).toMatchObject({
      kind: 'keep',
      reason: '4 copies; more than wanted, but lowering now could drop the wrong ones',
    });
  });

  it('takes turns, so that many new pins do not all go to one peer of a region', () => {
    const target = new MemoryTarget(
      peers(6, ['eu', 'us', 'ap']).map((peer) => ({ ...peer, freeSpace: 1_000_000 })),
    );
    const many = Array.from({ length: 30 }, (_, index) =>
      request(`c${index}`, { copies: copies(3, 3, 3), totalSize: 10 }),
    );
    const counts = new Map<string, number>();
    for (const step of plan(target, many).steps) {
      for (const peer of step.writes[0]?.allocations ?? []) counts.set(peer, (counts.get(peer) ?? 0) + 1);
    }
    expect([...counts.values()]).toEqual(Array.from({ length: 6 }, () => 15));
  });

  it('refuses requests that a caller should never have made', () => {
    const target = new MemoryTarget(peers(3));
    expect(() => plan(target, [request('a', { owner: 'github.com/x/y' })])).toThrow(/owner expected/);
    expect(() => plan(target, [request('a'), request('a')])).toThrow('request a@1.0.0: asked for twice');
    expect(() => plan(target, [request('a', { expires: 'soon' })])).toThrow(/RFC 3339/);
    expect(() => planPins([], [], { owner: 'a b', info: target.info(), at: new Date(now) })).toThrow(
      /without spaces/,
    );
  });
});

function never(): never {
  throw new Error('the plan has no such step');
}
