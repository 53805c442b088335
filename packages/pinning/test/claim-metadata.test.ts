import { describe, expect, it } from 'vitest';
import { type Claim, combine, readClaims, writeClaims } from '../src/target/claim-metadata.ts';
import type { ExistingPin } from '../src/target/pin-state.ts';

const tides: Claim = { owner: 'github.com/a/tides', id: 'tides@1.0.0', min: 2, max: 3, regions: 0 };
const maps: Claim = {
  owner: 'github.com/b/maps',
  id: 'maps@2',
  min: 5,
  max: 7,
  regions: 3,
  expires: '2027-01-01T00:00:00Z',
};

function pinWith(metadata: Record<string, string>): ExistingPin {
  return { name: 'x', min: 2, max: 4, origins: [], metadata, allocations: [] };
}

describe('claims in metadata', () => {
  it('are written so that people and filters can read them', () => {
    expect(writeClaims([maps, tides])).toEqual({
      'holdfast-repo': 'github.com/a/tides github.com/b/maps',
      'holdfast-ids':
        '{"github.com/a/tides":{"tides@1.0.0":"2/3/0"},"github.com/b/maps":{"maps@2":"5/7/3/2027-01-01T00:00:00Z"}}',
    });
  });

  it('come back as they were', () => {
    expect(readClaims(pinWith(writeClaims([tides, maps])))).toEqual([tides, maps]);
  });

  it('are nobody’s without the owner’s key', () => {
    expect(readClaims(pinWith({ 'holdfast-ids': '{"x":{"y":"1/1/0"}}' }))).toEqual([]);
  });

  it.each(['', 'not json', '[]', '{"github.com/a/tides":7}', '{"github.com/a/tides":{"x":"many"}}'])(
    'that cannot be read still hold the pin as it is: %s',
    (broken) => {
      const pin = pinWith({ 'holdfast-repo': 'github.com/a/tides', 'holdfast-ids': broken });
      expect(readClaims(pin)).toEqual([{ owner: 'github.com/a/tides', id: '', min: 2, max: 4, regions: 0 }]);
    },
  );

  it('combine to the highest numbers and the latest end', () => {
    expect(combine([tides, maps])).toEqual({ min: 5, max: 7, regions: 3 });
    const sooner = { ...maps, expires: '2026-12-01T00:00:00Z' };
    expect(combine([sooner, maps]).expires).toBe('2027-01-01T00:00:00Z');
    expect(combine([tides, { ...maps, min: -1, max: -1 }])).toMatchObject({ min: -1, max: -1 });
  });
});
