import { startCluster } from '@holdfast/testkit';
import { describe, expect, it } from 'vitest';
import { runDoc } from './doc-runner.ts';

const page = new URL('../../docs/five-minute-start.md', import.meta.url).pathname;

describe('the five-minute start', () => {
  it('works word for word from an empty folder, on a real cluster', { timeout: 180_000 }, async () => {
    await using cluster = await startCluster({ auth: { user: 'user', password: 'password' } });
    const [peer] = cluster.peers;
    if (!peer) throw new Error('a cluster has at least one peer');
    const blocks = await runDoc(page, {
      addresses: { 'http://127.0.0.1:9094': peer.restUrl, 'http://127.0.0.1:8080': peer.kubo.gateway },
    });
    expect(blocks).toBeGreaterThan(20);
  });
});
