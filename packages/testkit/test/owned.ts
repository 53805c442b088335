import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { isAlive, type ProcessIdentity } from '../src/processes/process-identity.ts';

export interface Owned {
  /** The process that the test may kill: the owner itself, or the pretended `npm` above it. */
  top: ChildProcess;
  folder: string;
  started: ProcessIdentity[];
}

const script = fileURLToPath(new URL('./owner.ts', import.meta.url));

/** Starts `owner.ts` and waits until it has started its own processes. */
export async function startOwner(
  what: 'sleepers' | 'cluster',
  options: { underNpm?: boolean } = {},
): Promise<Owned> {
  const { npm_lifecycle_event: _, ...env } = process.env;
  const stdio = ['ignore', 'pipe', 'inherit'] as const;
  const top = options.underNpm
    ? spawn('/bin/sh', ['-c', '"$0" "$1" "$2"; true', process.execPath, script, what], {
        argv0: 'npm test',
        env: { ...env, npm_lifecycle_event: 'test' },
        stdio: [...stdio],
      })
    : spawn(process.execPath, [script, what], { env, stdio: [...stdio] });
  if (!top.stdout) throw new Error('the owner has no output');
  const [line] = (await once(createInterface(top.stdout), 'line')) as [string];
  const { folder, started } = JSON.parse(line) as Omit<Owned, 'top'>;
  return { top, folder, started };
}

/** Waits until none of these is alive. Nothing but a watchdog that works ends them, however long it takes. */
export async function untilGone(processes: readonly ProcessIdentity[]): Promise<void> {
  await expect.poll(() => processes.filter(isAlive).map(({ pid }) => pid)).toEqual([]);
}
