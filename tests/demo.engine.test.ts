import { expect, it } from 'vitest';
import { runDemo } from './demo.ts';

it('the demo goes from a key to repaired copies', async () => {
  const { code, output } = await runDemo(['--cluster']);
  expect(output).toContain('refused: it cannot be merged');
  expect(output).toMatch(/north-sea-tides-v1\.0\.0\.json[\s\S]*\d+:\d+ {2}error[\s\S]*fix: /);
  expect(output).toContain('is satisfied: 2 copies');
  expect(output).toContain('1 of 2 copies');
  expect(output).toContain('two copies again, on the peers that are left');
  expect(output).toContain('content read and re-hashed');
  expect(output).toContain('everything that was started is stopped');
  expect(output).toMatch(/the real cluster: three peers of IPFS Cluster \d/);
  expect(output).toContain('npm run demo -- --folders');
  expect(code).toBe(0);
});
