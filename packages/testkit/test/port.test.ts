import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { inFreshRun } from '../src/ipfs/kubo.ts';
import { takePorts } from '../src/processes/port.ts';
import { PortTaken, type Run } from '../src/processes/run.ts';
import { removeFolder, temporaryFolder } from '../src/processes/temporary-folder.ts';

describe('takePorts', () => {
  it('gives no port twice, to whichever run, until the run is gone', async () => {
    const [one, two] = [temporaryFolder(), temporaryFolder()];
    const first = await takePorts(40, one);
    const second = await takePorts(40, two);
    expect(new Set([...first, ...second]).size).toBe(80);
    for (const port of first) expect(port).toBeLessThan(32_768);
    removeFolder(one);
    removeFolder(two);
  });

  it('gives ports that can be listened on', async () => {
    const folder = temporaryFolder();
    for (const port of await takePorts(5, folder)) {
      const server = createServer();
      await new Promise<void>((done, fail) => {
        server.once('error', fail).listen(port, '127.0.0.1', done);
      });
      await new Promise((done) => server.close(done));
    }
    removeFolder(folder);
  });
});

describe('a start that loses a port to somebody else', () => {
  it('is told from other failures and tried again in a fresh run', async () => {
    const folders: string[] = [];
    const ports = await inFreshRun(async (run) => {
      folders.push(run.folder);
      const script = 'echo "listen tcp 127.0.0.1:1: bind: address already in use"; exit 1';
      const taken = run.start({ name: 'a', binary: 'sh', args: ['-c', script], env: {} });
      if (folders.length < 3) await taken.until('it listens', async () => undefined);
      await run.close();
      return folders.length;
    });
    expect(ports).toBe(3);
    expect(folders.filter(existsSync)).toEqual([]);
  });

  it('is not tried for ever, and not at all for another failure', async () => {
    let attempts = 0;
    const failing = (error: Error) => async (_: Run) => {
      attempts++;
      throw error;
    };
    await expect(inFreshRun(failing(new PortTaken('peer-0')))).rejects.toThrow('peer-0');
    expect(attempts).toBe(4);
    await expect(inFreshRun(failing(new Error('bad config')))).rejects.toThrow('bad config');
    expect(attempts).toBe(5);
  });
});
