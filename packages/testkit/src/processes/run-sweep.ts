import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identify, isAlive, killProcess, type ProcessIdentity } from './process-identity.ts';

/** Every process of a run carries its folder in this variable, so that one is found even if its owner died before noting it down. */
export const runVariable = 'HOLDFAST_TEST_RUN';
export const runPrefix = 'holdfast-run-';

/** What a run's `owner.json` holds. */
export interface RunOwner {
  owner: ProcessIdentity;
  /** The processes from the owner's parent up to the `npm` that started it: a run whose `npm` is gone was killed. */
  lifelines: ProcessIdentity[];
}

/** Ends what runs of dead owners have left behind. Each start does this first. */
export async function sweepDeadRuns(root: string = tmpdir()): Promise<void> {
  for (const name of readdirSync(root)) {
    if (!name.startsWith(runPrefix)) continue;
    const folder = join(root, name);
    if (isAbandoned(folder)) await sweepRun(folder);
  }
}

/** Kills the processes of one run and removes its folder. */
export async function sweepRun(folder: string): Promise<void> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const left = [...recorded(folder), ...marked(folder)].filter(isAlive);
    if (left.length === 0) break;
    for (const identity of left) killProcess(identity);
    if (Date.now() > deadline)
      throw new Error(`processes of ${folder} survive SIGKILL: ${left.map((it) => it.pid)}`);
    await sleep(20);
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
}

export function readOwner(folder: string): RunOwner | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'owner.json'), 'utf8')) as RunOwner;
  } catch {
    return undefined;
  }
}

function isAbandoned(folder: string): boolean {
  const owner = readOwner(folder);
  if (owner) return !isAlive(owner.owner) || !owner.lifelines.every(isAlive);
  // Made a moment ago by somebody who has not written its owner yet, or left by one who died just then.
  const made = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
  return Date.now() - made > 60_000;
}

function recorded(folder: string): ProcessIdentity[] {
  try {
    return readdirSync(join(folder, 'processes')).flatMap((name) => {
      const [pid, startTime] = name.split('-');
      return pid && startTime ? [{ pid: Number(pid), startTime }] : [];
    });
  } catch {
    return [];
  }
}

function marked(folder: string): ProcessIdentity[] {
  if (process.platform !== 'linux') return [];
  const mark = `${runVariable}=${folder}`;
  return readdirSync('/proc').flatMap((name) => {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) return [];
    try {
      if (!readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(mark)) return [];
    } catch {
      return [];
    }
    return identify(pid) ?? [];
  });
}
