import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identify, isAlive } from './process-identity.ts';

const prefix = 'holdfast-files-';

/** A folder for the files of a test. Those of processes that ended without removing theirs are removed by the way. */
export function temporaryFolder(root: string = tmpdir()): string {
  for (const name of readdirSync(root)) {
    const [pid, startTime] = name.startsWith(prefix) ? name.slice(prefix.length).split('.') : [];
    if (pid && startTime && !isAlive({ pid: Number(pid), startTime })) removeFolder(join(root, name));
  }
  const startTime = identify(process.pid)?.startTime;
  return mkdtempSync(join(root, `${prefix}${process.pid}.${startTime}.`));
}

export function removeFolder(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 3, retryDelay: 50 });
}
