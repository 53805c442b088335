import { expect, it } from 'vitest';
import { limitedJson } from '../src/limited-json.ts';

const items = Array.from({ length: 100 }, (_, index) => ({ index, text: '\u2028é\u202e' }));

it('is the whole list where it fits, in ASCII', () => {
  const whole = limitedJson(items);
  expect(JSON.parse(whole)).toEqual(items);
  expect(whole).toMatch(/^[\x20-\x7e]*$/);
  expect(limitedJson([])).toBe('[]');
});

it('is cut at whole items, and counts the rest', () => {
  for (const limit of [1_000, 2_000]) {
    const cut = limitedJson(items, limit);
    expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(limit);
    const parsed: unknown[] = JSON.parse(cut);
    expect(parsed.at(-1)).toEqual({ more: items.length - (parsed.length - 1) });
  }
});
