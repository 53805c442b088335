import { expect, test } from 'vitest';
import { isOrigin } from '../src/target/origins.ts';
import { originCases } from './origin-cases.ts';

test.each(originCases)('an origin that a manifest may name: $name', ({ origin }) => {
  expect(isOrigin(origin)).toBe(true);
});
