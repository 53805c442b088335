import { describe, expect, it } from 'vitest';
import { distributionOf } from '../src/observed/distribution.ts';
import type { PinState } from '../src/target/pin-state.ts';
import type { TargetInfo } from '../src/target/target.ts';

const peers = [
  { id: 'a', name: 'Oslo', region: 'north', up: true, freeSpace: 100 },
  { id: 'b', region: 'north', up: true },
  { id: 'c', region: 'south', up: true },
  { id: 'd', up: false },
];
const info: TargetInfo = { kind: 'cluster', peers };
const state = (cid: string, ...on: string[]): PinState => ({
  cid,
  peers: peers.map(({ id }) => ({ peer: id, state: on.includes(id) ? 'pinned' : 'absent' })),
});

describe('the distribution of copies', () => {
  it('says what each peer and each region keeps, the fullest first', async () => {
    const states = [state('x', 'a', 'c'), state('y', 'c'), state('z', 'b', 'c')];
    const sizes = new Map([
      ['x', 10],
      ['y', 20],
      ['z', 30],
    ]);
    const found = await distributionOf(states, info, (cid) => sizes.get(cid));
    expect(found).toMatchObject({ copies: 5, bytes: 100, unsized: 0, unevenness: 1.8 });
    expect(found.regions).toEqual([
      { region: 'south', copies: 3, bytes: 60 },
      { region: 'north', copies: 2, bytes: 40 },
      { copies: 0, bytes: 0 },
    ]);
    expect(found.peers.map(({ id, copies, bytes }) => `${id} ${copies} ${bytes}`)).toEqual([
      'c 3 60',
      'b 1 30',
      'a 1 10',
      'd 0 0',
    ]);
  });

  it('counts copies where sizes are not known, and only those that exist on peers of the target', async () => {
    const lost: PinState = {
      cid: 'w',
      peers: [
        { peer: 'a', state: 'error' },
        { peer: 'elsewhere', state: 'pinned' },
      ],
    };
    const found = await distributionOf([state('x', 'a', 'b'), state('y', 'a'), lost], info, () => undefined);
    expect(found).toMatchObject({ copies: 3, bytes: 0, unsized: 3, unevenness: 2 });
    expect(await distributionOf([], info, () => undefined)).toMatchObject({ copies: 0, unevenness: 1 });
  });
});
