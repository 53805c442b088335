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
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(name)) return 'has a control character';
  if (name.endsWith(partSuffix)) return `ends with ${partSuffix}, which is kept for unfinished files`;
  if (Buffer.byteLength(name) > maxNameBytes) return `is longer than ${maxNameBytes} bytes`;
  return process.platform === 'win32' ? unsafeOnWindows(name) : undefined;
}

function unsafeOnWindows(name: string): string | undefined {
  if (/[<>:"|?*]/.test(name)) return 'has a character that Windows does not allow';
  if (/[. ]$/.test(name)) return 'ends with a character that Windows drops';
  return /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(name) ? 'names a device on Windows' : undefined;
}

/** Equal for names that some file system takes for the same. */
export function foldedName(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
