import type { PeerExplanation } from '@holdfast/pinning';
import { describe, expect, it } from 'vitest';
import { findable, findableText } from '../src/index.ts';

const peer = (id: string, state: PeerExplanation['state'] = 'pinned', node?: string): PeerExplanation => ({
  peer: id,
  state,
  why: '',
  ...(node !== undefined && { node }),
});
const cluster = [peer('a', 'pinned', 'node-a'), peer('b', 'pinned', 'node-b'), peer('c', 'absent', 'node-c')];
const by = (...ids: string[]) => ({ providers: ids.map((id) => ({ id, addresses: [] })), faults: [] });
const said = (...args: Parameters<typeof findable>) => {
  const seen = findable(...args);
  return `${seen.verdict}: ${findableText(seen)}`;
};

describe('findable', () => {
  it.each([
    ['every copy', cluster, by('node-a', 'node-b'), 'findable: pinned on 2, findable on 2'],
    ['one of two', cluster, by('node-a'), 'hard to find: pinned on 2, findable on 1'],
    ['nobody', cluster, by(), 'hard to find: pinned on 2, findable on 0'],
    ['others alone', cluster, by('x', 'y'), 'hard to find: pinned on 2, findable on 0, and at 2 more'],
    ['a node whose copy is gone', cluster, by('node-c'), 'hard to find: pinned on 2, findable on 0'],
    ['of a target that tells no nodes', [peer('folder')], by('x'), 'findable: pinned on 1, findable on 1'],
    ['of nothing pinned', [peer('a', 'queued', 'node-a')], by('x'), 'not pinned: pinned on 0, findable on 1'],
  ])('%s', (_, peers, found, expected) => {
    expect(said(peers, { min: 2 }, found)).toBe(expected);
  });

  it('does not take a router that cannot be asked for one that knows nobody', () => {
    const blind = { providers: [], faults: [{ router: 'http://a', fault: 'no answer' }] };
    expect(said(cluster, { min: 2 }, blind)).toBe('not known: pinned on 2, not known where it can be found');
    expect(findable(cluster, { min: 2 }, blind).copies.every((copy) => copy.findable === null)).toBe(true);
    // Another router that answers is enough to know something.
    expect(said(cluster, { min: 2 }, { ...blind, ...by('node-a', 'node-b'), faults: blind.faults })).toMatch(
      /^findable/,
    );
  });

  it('wants no more copies to be found than there are', () => {
    expect(said([peer('a', 'pinned', 'node-a')], { min: 3 }, by('node-a'))).toMatch(/^findable/);
  });
});
