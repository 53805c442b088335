import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process by number and start time: the number alone may belong to somebody else by the time it is used. */
export interface ProcessIdentity {
  pid: number;
  startTime: string;
}

export interface ProcessFacts extends ProcessIdentity {
  parent: number;
  command: string;
}

/** What the system knows of a process; undefined when it has ended, a zombie included. */
export function processFacts(pid: number): ProcessFacts | undefined {
  return process.platform === 'linux' ? factsFromProc(pid) : factsFromPs(pid);
}

export function identify(pid: number): ProcessIdentity | undefined {
  const facts = processFacts(pid);
  return facts && { pid, startTime: facts.startTime };
}

export function isAlive(identity: ProcessIdentity | undefined): boolean {
  return identity !== undefined && processFacts(identity.pid)?.startTime === identity.startTime;
}

/** Kills that very process and no other; does nothing when it has ended. */
export function killProcess(identity: ProcessIdentity, signal: NodeJS.Signals = 'SIGKILL'): void {
  if (!isAlive(identity)) return;
  try {
    process.kill(identity.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function factsFromProc(pid: number): ProcessFacts | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // proc(5): the second field is the name in brackets and may hold anything, so count from its end.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, parent] = fields;
    const startTime = fields[19];
    if (state === 'Z' || state === 'X' || !startTime) return undefined;
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return { pid, startTime, parent: Number(parent), command };
  } catch {
    return undefined;
  }
}

function factsFromPs(pid: number): ProcessFacts | undefined {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,ppid=,lstart=,command=', '-p', String(pid)], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    // lstart is five words, as in "Sat Nov 21 09:54:48 2026".
    const found = /^\s*(\S+)\s+(\d+)\s+((?:\S+\s+){4}\S+)\s+(.*)$/.exec(line);
    if (!found || found[1]?.startsWith('Z')) return undefined;
    return {
      pid,
      parent: Number(found[2]),
      startTime: String(Date.parse(found[3] ?? '')),
      command: found[4] ?? '',
    };
  } catch {
    return undefined;
  }
}
