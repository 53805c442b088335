import { type Clock, systemClock } from '@holdfast/http';
import { expect } from 'vitest';
import { heal } from '../src/heal/heal.ts';
import { isOwn } from '../src/target/claim-metadata.ts';
import type { PinTarget } from '../src/target/target.ts';
import { copies, owner, request } from './requests.ts';

/** A dataset's life on any target: pinned, kept, changed, joined by a second id, withdrawn. */
export async function liveOn(
  target: PinTarget,
  cid: string,
  most: number,
  clock: Clock = systemClock,
): Promise<void> {
  const wanted = request(cid, { copies: copies(1, most), metadata: { 'org.example.doi': '10.1/x' } });
  const did = async (desired: (typeof wanted)[], withdrawn: string[] = []) => {
    const { items } = await heal(desired, target, {
      owner,
      withdrawn,
      wait: 'max',
      deadlineMs: 3_600_000,
      clock,
    });
    for (const { outcome, reason } of items) expect(`${outcome}: ${reason}`).toMatch(/^satisfied/);
    return items.map((item) => item.did);
  };
  expect(await did([wanted])).toEqual(['pin']);
  expect(await did([wanted])).toEqual(['keep']);
  const longer = { ...wanted, expires: '2097-01-01T00:00:00Z' };
  expect(await did([longer])).toEqual(['update']);
  expect(await did([{ ...longer, expires: '2098-01-01T00:00:00Z' }])).toEqual(['extend']);
  const second = request(cid, { id: 'second@1', copies: copies(1, 1) });
  expect(await did([wanted, second])).toEqual(['extend']);
  expect(await did([wanted, second])).toEqual(['keep']);
  for await (const state of target.observe([cid])) expect(isOwn(state.pin, owner)).toBe(true);
  expect(await did([], [wanted.id])).toEqual([most === 1 ? 'update' : 'lower']);
  expect(await did([], ['second@1'])).toEqual(['unpin']);
  expect(await did([])).toEqual([]);
}
