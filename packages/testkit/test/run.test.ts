import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { identify, isAlive, killProcess } from '../src/processes/process-identity.ts';
import { Run } from '../src/processes/run.ts';
import { sweepDeadRuns } from '../src/processes/run-sweep.ts';
import { removeFolder, temporaryFolder } from '../src/processes/temporary-folder.ts';
import { startOwner, untilGone } from './owned.ts';

// Each start of a run sweeps the folder of temporary files, and other tests start runs all the time: in a folder of
// their own, the runs that are killed here meet only the watchdog that is tested.
const { TMPDIR } = process.env;
const own = temporaryFolder();
beforeAll(() => {
  process.env.TMPDIR = own;
});
afterAll(() => {
  if (TMPDIR === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = TMPDIR;
  removeFolder(own);
});

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

function sleeper() {
  const child = spawn('sleep', ['600'], { stdio: 'ignore' });
  cleanups.push(() => child.kill('SIGKILL'));
  const identity = identify(child.pid ?? 0);
  if (!identity) throw new Error('sleep did not start');
  return identity;
}

function watchdogOf(folder: string) {
  for (const name of readdirSync('/proc').filter((it) => /^\d+$/.test(it))) {
    try {
      const command = execFileSync('cat', [`/proc/${name}/cmdline`], { encoding: 'utf8', stdio: 'pipe' });
      if (command.includes('watchdog') && command.includes(folder)) return identify(Number(name));
    } catch {
      // It ended in the meantime.
    }
  }
  return undefined;
}

describe('a run', () => {
  it('ends its processes and removes its folder when closed', async () => {
    const run = await Run.open();
    const { identity } = run.start({ name: 'a', binary: 'sleep', args: ['600'], env: {} });
    expect(isAlive(identity)).toBe(true);
    await run.close();
    expect(isAlive(identity)).toBe(false);
    expect(existsSync(run.folder)).toBe(false);
    await run.close();
    expect(() => run.start({ name: 'b', binary: 'sleep', args: ['600'], env: {} })).toThrow(
      'its run is closed',
    );
  });

  it('keeps what a process wrote, and tells it when the process ends too early', async () => {
    const run = await Run.open();
    cleanups.push(() => run.close());
    const process = run.start({ name: 'a', binary: 'sh', args: ['-c', 'echo bad config >&2'], env: {} });
    await expect(process.until('it answers', async () => undefined)).rejects.toThrow(
      /ended before it answers\nbad config/,
    );
    const absent = run.start({ name: 'b', binary: '/nowhere/b', args: [], env: {} });
    await expect(absent.until('it answers', async () => undefined)).rejects.toThrow('b ended before');
  });

  it.each(['SIGKILL', 'SIGINT', 'SIGTERM'] as const)(
    'leaves nothing when its owner gets %s',
    { tags: ['slow'] },
    async (signal) => {
      const { top, folder, started } = await startOwner('sleepers');
      expect(started.every(isAlive)).toBe(true);
      top.kill(signal);
      await untilGone(started);
      await expect.poll(() => existsSync(folder)).toBe(false);
    },
  );

  it('leaves nothing, the test process included, when the npm that started it is killed', {
    tags: ['slow'],
  }, async () => {
    const { top, started } = await startOwner('sleepers', { underNpm: true });
    const owner = execFileSync('ps', ['-o', 'pid=', '--ppid', String(top.pid)], { encoding: 'utf8' });
    const ownerIdentity = identify(Number(owner.trim()));
    expect(isAlive(ownerIdentity)).toBe(true);
    top.kill('SIGKILL');
    await untilGone(ownerIdentity ? [...started, ownerIdentity] : started);
  });

  it('is not started any more when the npm above is gone already', { tags: ['slow'] }, async () => {
    const script = 'sleep 0.3; exec "$0" "$1" sleepers';
    const owner = fileURLToPath(new URL('./owner.ts', import.meta.url));
    // The pretended npm dies at once, and its shell goes on without it.
    const npm = `${process.execPath} -e "process.kill(process.ppid, 9)"; true`;
    const child = spawn('sh', ['-c', `sh -c '${script}' ${process.execPath} ${owner} & ${npm}`], {
      env: { ...process.env, npm_lifecycle_event: 'test', npm_lifecycle_script: script },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
    await once(child, 'close');
    expect(output).toContain('the npm that started this run was killed: nothing more is started for it');
    expect(output).not.toContain('"started"');
  });

  it('is ended by the next start when its watchdog was killed with its owner', {
    tags: ['slow'],
  }, async () => {
    const { top, folder, started } = await startOwner('sleepers');
    const watchdog = await expect
      .poll(() => watchdogOf(folder))
      .toBeDefined()
      .then(() => watchdogOf(folder));
    if (watchdog) killProcess(watchdog);
    top.kill('SIGKILL');
    await once(top, 'exit');
    await new Promise((done) => setTimeout(done, 200));
    expect(started.every(isAlive)).toBe(true);
    const next = await Run.open();
    cleanups.push(() => next.close());
    expect(started.some(isAlive)).toBe(false);
    expect(existsSync(folder)).toBe(false);
  });
});

describe('sweepDeadRuns', () => {
  it('kills no process that has got the number of a recorded one, and leaves live runs alone', async () => {
    const root = temporaryFolder();
    cleanups.push(() => removeFolder(root));
    const identity = sleeper();
    const own = identify(process.pid);
    const record = (run: string, startTime: string, owner: unknown) => {
      mkdirSync(join(root, run, 'processes'), { recursive: true });
      writeFileSync(join(root, run, 'processes', `${identity.pid}-${startTime}`), 'kubo');
      writeFileSync(join(root, run, 'owner.json'), JSON.stringify({ owner, lifelines: [] }));
    };
    record('holdfast-run-recycled', '1', { pid: process.pid, startTime: '1' });
    record('holdfast-run-live', identity.startTime, own);
    await sweepDeadRuns(root);
    expect(isAlive(identity)).toBe(true);
    expect(readdirSync(root)).toEqual(['holdfast-run-live']);
    record('holdfast-run-dead', identity.startTime, { pid: process.pid, startTime: '1' });
    await sweepDeadRuns(root);
    expect(isAlive(identity)).toBe(false);
    expect(readdirSync(root)).toEqual(['holdfast-run-live']);
  });
});
