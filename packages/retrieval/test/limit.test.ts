import { expect, it } from 'vitest';
import { createGateways } from '../src/index.ts';

const sources = [{ kind: 'gateway', url: 'http://127.0.0.1:1' }] as const;

it.each([
  ['idleMs', 0],
  ['attempts', 1],
])('refuses gateways with a %s that is not a number', (option, least) => {
  expect(() => createGateways(sources, { [option]: Number.NaN })).toThrow(
    `"${option}" expected a number from ${least}, got NaN`,
  );
});
