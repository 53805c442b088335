import { describe, expect, it } from 'vitest';
import { coverageOf, worst } from '../src/observed/coverage.ts';
import { explainPeer } from '../src/observed/peer-explanation.ts';
import type { PeerCopy, PinState } from '../src/target/pin-state.ts';
import { copies } from './requests.ts';

const now = Date.parse('2026-11-21T06:30:00Z');
const peer = (id: string, region?: string) => ({ id, up: true, ...(region !== undefined && { region }) });
const info = { kind: 'cluster' as const, peers: [peer('a', 'eu'), peer('b', 'eu'), peer('c', 'us')] };
const stateOf = (...peers: PeerCopy[]): PinState => ({ cid: 'x', peers });
const pinned = (id: string): PeerCopy => ({ peer: id, state: 'pinned' });

describe('a coverage', () => {
  it('needs the copies and the regions', () => {
    const wanted = copies(2, 3, 2);
    expect(coverageOf(stateOf(pinned('a'), pinned('c')), wanted, info, now)).toMatchObject({
      outcome: 'satisfied',
      missing: '',
    });
    expect(coverageOf(stateOf(pinned('a'), pinned('b')), wanted, info, now)).toMatchObject({
      outcome: 'degraded',
      regions: ['eu'],
      missing: '1 of 2 regions',
    });
    const untagged = { kind: 'cluster' as const, peers: [peer('a'), peer('b')] };
    expect(coverageOf(stateOf(pinned('a'), pinned('b')), wanted, untagged, now).outcome).toBe('satisfied');
    const always = { ...wanted, spread: 'always' as const };
    expect(coverageOf(stateOf(pinned('a'), pinned('b')), always, untagged, now).outcome).toBe('degraded');
  });

  it.each(['pinning', 'queued', 'unpinning', 'error', 'down', 'absent'] as const)(
    'counts no peer that is %s',
    (state) => {
      const coverage = coverageOf(stateOf({ peer: 'a', state }, pinned('b')), copies(2, 2), info, now);
      expect(coverage).toMatchObject({ outcome: 'degraded', copies: 1 });
    },
  );

  it('counts one peer once, and nothing in an empty map', () => {
    expect(coverageOf(stateOf(pinned('a'), pinned('a')), copies(2, 2), info, now).copies).toBe(1);
    expect(coverageOf(stateOf(), copies(1, 1), info, now).outcome).toBe('failed');
  });

  it('does not speak of a peer that is down and was never asked', () => {
    const state = {
      ...stateOf(pinned('a'), { peer: 'c', state: 'down' as const }),
      hint: { allocations: ['a', 'b'] },
    };
    expect(coverageOf(state, copies(2, 2), info, now).peers.map((each) => each.peer)).toEqual(['a']);
  });

  it('of many is the worst of them', () => {
    expect(worst(['satisfied', 'failed', 'degraded'])).toBe('failed');
    expect(worst([])).toBe('satisfied');
  });
});

describe('a peer', () => {
  it.each([
    ['pinning', '2026-11-21T06:29:20Z', 'pinning for 40 s'],
    ['queued', '2026-11-21T07:30:00Z', 'queued for 0 s'],
    ['pinning', '0001-01-01T00:00:00Z', 'pinning'],
    ['pinning', 'yesterday', 'pinning'],
  ] as const)('%s since %s', (state, since, why) => {
    expect(explainPeer({ peer: 'a', state, since }, now).why).toBe(why);
  });

  it('that looked in vain is told from one that failed', () => {
    expect(explainPeer({ peer: 'a', state: 'queued', error: 'a block is not here yet' }, now).why).toBe(
      'queued: a block is not here yet',
    );
    const says = (error: string) => explainPeer({ peer: 'a', state: 'error', error }, now).why;
    expect(says('context deadline exceeded')).toBe('content not found: context deadline exceeded');
    expect(says('no space left on device')).toBe('failed: no space left on device');
  });
});
