import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../http/test/manual-clock.ts';
import { heal } from '../src/heal/heal.ts';
import { type MoveOptions, moveCopies } from '../src/move/move-copies.ts';
import { readClaims } from '../src/target/claim-metadata.ts';
import type { PinTarget } from '../src/target/target.ts';
import { TargetGroup } from '../src/targets/group/target-group.ts';
import { MemoryTarget } from './memory-target.ts';
import { copies, owner, peers, request } from './requests.ts';
import { numberedCid } from './targets/compliance.ts';

const other = 'github.com/winds/data';
const clock = new ManualClock();
const running = { clock, random: () => 0.5, deadlineMs: 600_000 };
const requests = [1, 2, 3].map((number) => request(numberedCid(number), { copies: copies(2, 2) }));
const cids = requests.map(({ cid }) => cid);

function move(from: PinTarget, to: PinTarget, more: Partial<MoveOptions> = {}) {
  const places = { from: { target: from, name: 'old' }, to: { target: to, name: 'next' } };
  return moveCopies(requests, places, { owner, ...running, ...more });
}

async function kept(): Promise<{ old: MemoryTarget; next: MemoryTarget }> {
  const old = new MemoryTarget(peers(3));
  await heal(requests, old, { owner, ...running });
  return { old, next: new MemoryTarget(peers(3)) };
}
const copiesIn = ({ pins }: MemoryTarget) => cids.map((cid) => pins.get(cid)?.allocations.length ?? 0);

describe('copies that move', () => {
  it('are at the new place before they are given up at the old one', async () => {
    const { old, next } = await kept();
    next.before = () => expect(copiesIn(old)).toEqual([2, 2, 2]);
    old.before = (call) => call === 'unpin' && expect(copiesIn(next)).toEqual([2, 2, 2]);
    const moved = await move(old, next);
    expect(moved.map(({ outcome, reason }) => `${outcome}: ${reason}`)).toEqual(
      cids.map(() => 'moved: 2 copies are there, and given up where it was'),
    );
    expect([copiesIn(old), copiesIn(next)]).toEqual([
      [0, 0, 0],
      [2, 2, 2],
    ]);
    const calls = next.calls.length;
    next.before = () => {};
    expect((await move(old, next)).map(({ outcome }) => outcome)).toEqual(cids.map(() => 'absent'));
    expect(next.calls).toHaveLength(calls);
  });

  it('stay where the new place cannot take them', async () => {
    const { old } = await kept();
    const small = new MemoryTarget(peers(1));
    const [first] = await move(old, small);
    expect(first).toMatchObject({ outcome: 'stays', copies: 0 });
    expect(first?.reason).toContain('2 copies are wanted and 1 of 1 peers can take one');
    expect([copiesIn(old), copiesIn(small)]).toEqual([
      [2, 2, 2],
      [0, 0, 0],
    ]);
  });

  it('stay where the new ones do not pass', async () => {
    const { old, next } = await kept();
    const check = async () => new Map([[cids[1] ?? '', 'peer-1 could not show its copy']]);
    const moved = await move(old, next, { check });
    expect(moved.map(({ outcome }) => outcome)).toEqual(['moved', 'stays', 'moved']);
    expect(moved[1]?.reason).toBe('peer-1 could not show its copy');
    expect(copiesIn(old)).toEqual([0, 2, 0]);
  });

  it('are at both places with keep', async () => {
    const { old, next } = await kept();
    expect((await move(old, next, { keep: true })).map(({ outcome }) => outcome)).toEqual(
      cids.map(() => 'copied'),
    );
    expect([copiesIn(old), copiesIn(next)]).toEqual([
      [2, 2, 2],
      [2, 2, 2],
    ]);
  });

  it('leave what others want there, and what others pinned', async () => {
    const { old, next } = await kept();
    const theirs = cids
      .slice(0, 1)
      .map((cid) => ({ ...request(cid, { copies: copies(2, 2) }), owner: other }));
    await heal(theirs, old, { owner: other, ...running });
    const byHand = numberedCid(9);
    await old.pin(byHand, { name: 'by hand', min: 1, max: 1, origins: [], metadata: {} });
    await move(old, next);
    expect(copiesIn(old)).toEqual([2, 0, 0]);
    const [first = ''] = cids;
    expect(readClaims(old.pins.get(first) as never).map((claim) => claim.owner)).toEqual([other]);
    expect(old.pins.has(byHand)).toBe(true);
  });

  it('go on where a run was killed', async () => {
    const { old, next } = await kept();
    let calls = 0;
    old.before = (call) => {
      if (call === 'unpin' && ++calls === 2) throw new Error('killed');
    };
    await expect(move(old, next)).rejects.toThrow('killed');
    old.before = () => {};
    expect(copiesIn(next)).toEqual([2, 2, 2]);
    const again = await move(old, next);
    expect(again.filter(({ outcome }) => outcome === 'stays')).toEqual([]);
    expect([copiesIn(old), copiesIn(next)]).toEqual([
      [0, 0, 0],
      [2, 2, 2],
    ]);
  });

  it('add to those that the new place has as a member of the same group, once', async () => {
    const old = new MemoryTarget(peers(3));
    const next = new MemoryTarget(peers(3));
    const members = [
      { name: 'old', target: old },
      { name: 'next', target: next },
    ];
    await heal(requests, new TargetGroup({ members, clock }), { owner, ...running });
    expect([copiesIn(old), copiesIn(next)]).toEqual([
      [1, 1, 1],
      [1, 1, 1],
    ]);
    await move(old, next, { keep: true });
    await move(old, next);
    expect([copiesIn(old), copiesIn(next)]).toEqual([
      [0, 0, 0],
      [2, 2, 2],
    ]);
  });
});
