import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Whether minisign is there; where it has to be, its absence is an error that says how to get it. */
export async function hasMinisign({ required }: { required: boolean }): Promise<boolean> {
  try {
    await promisify(execFile)('minisign', ['-v']);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    if (!required) return false;
    throw new Error('minisign is not on PATH. Install it: apt install minisign, or brew install minisign.');
  }
}
