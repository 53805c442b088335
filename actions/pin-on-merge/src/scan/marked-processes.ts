import { readdirSync, readFileSync } from 'node:fs';

/**
 * The processes whose environment holds this text: what a program started, and what that started, in whatever session and
 * under whichever parent. Where there is no /proc, none.
 */
export function markedProcesses(mark: string): number[] {
  return processIds().filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(mark);
    } catch {
      // It has ended, or is somebody else's.
      return false;
    }
  });
}

function processIds(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

/** Ends them by their own ids. One may start another just before it ends, so they are looked for again. */
export function endMarkedProcesses(mark: string): void {
  for (let round = 0; round < 5; round++) {
    const found = markedProcesses(mark);
    if (found.length === 0) return;
    for (const pid of found) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended meanwhile.
      }
    }
  }
}
