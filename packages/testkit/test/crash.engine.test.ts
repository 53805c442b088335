import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { startCluster } from '../src/index.ts';
import { isAlive } from '../src/processes/process-identity.ts';
import { startOwner, untilGone } from './owned.ts';

describe('a test run that is killed', () => {
  it('leaves no engine behind: within seconds, by itself, and surely after the next start', async () => {
    const { top, started } = await startOwner('cluster');
    expect(started).toHaveLength(4);
    expect(started.every(isAlive)).toBe(true);
    top.kill('SIGKILL');
    await once(top, 'exit');
    await untilGone(started);
    await using next = await startCluster({ peers: 1 });
    expect(next.peers).toHaveLength(1);
    expect(started.some(isAlive)).toBe(false);
  });
});
