import { startCluster } from '@holdfast/testkit';
import { describe, expect, it } from 'vitest';
import { runDoc } from './doc-runner.ts';

const page = new URL('../../docs/operations.md', import.meta.url).pathname;

describe('operations', () => {
  it('hold on a real cluster, and on the one that takes its place', { timeout: 240_000 }, async () => {
    const auth = { user: 'user', password: 'password' };
    await using first = await startCluster({ auth });
    await using second = await startCluster({ auth, peers: 2 });
    const addresses = {
      'http://127.0.0.1:9094': first.urls[0] ?? '',
      'http://127.0.0.1:9194': second.urls[0] ?? '',
    };
    expect(await runDoc(page, { addresses })).toBeGreaterThan(20);
  });
});
