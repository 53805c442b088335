import { unsafeName } from '@holdfast/manifest/safe-name';
import { ContentError } from '../error.ts';

/** Ends the name of a file that is not whole yet. */
export const partSuffix = '.holdfast-part';

export const maxNameBytes = 255;

/** Refuses a name that would be another path, or no file at all, when it is written. */
export function checkName(name: string): void {
  const problem = unsafe(name);
  if (problem !== undefined) {
    throw new ContentError(
      'path-unsafe',
      `the name ${JSON.stringify(name)} cannot be written: it ${problem}`,
      {
        subject: name,
      },
    );
  }
}

function unsafe(name: string): string | undefined {
  if (name === '') return 'is empty';
  if (name === '.' || name === '..') return 'means another folder';
  if (/[/\\]/.test(name)) return 'has a path separator';
  if (name.endsWith(partSuffix)) return `ends with ${partSuffix}, which is kept for unfinished files`;
  if (Buffer.byteLength(name) > maxNameBytes) return `is longer than ${maxNameBytes} bytes`;
  return unsafeName(name) ?? (process.platform === 'win32' ? unsafeOnWindows(name) : undefined);
}

function unsafeOnWindows(name: string): string | undefined {
  return /[<>"|?*]/.test(name) ? 'has a character that Windows does not allow' : undefined;
}
