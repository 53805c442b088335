/**
 * Why one segment of a path is not safe on every system, or undefined: a dataset is signed on one system and fetched on another.
 * The names that Git, HFS+ and NTFS read as `.git` are those of Git's `verify_path`.
 */
export function unsafeName(name: string): string | undefined {
  if (/\p{Cc}/u.test(name)) return 'has a control character';
  if (/[\p{Bidi_Control}\u2028\u2029]/u.test(name))
    return 'has a character that changes the direction or line of text';
  if (isDotGit(name)) return 'has a segment that some system takes for ".git"';
  if (/\p{Default_Ignorable_Code_Point}/u.test(name)) return 'has a character that nobody sees';
  if (name.includes(':')) return 'has a colon, which names a drive or a stream on Windows';
  if (/[. ]$/.test(name)) return 'has a segment that ends with a dot or a space, which Windows drops';
  return device.test(name) ? 'has a segment that is a device on Windows' : undefined;
}

const device = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[\d\u00b9\u00b2\u00b3]) *(?:\.|$)/i;

/** True if a path of letters, digits, `_`, `-`, `.` and `/` has a segment that names a device. */
export const hasDevice: RegExp = /(?:^|\/)(?:con|prn|aux|nul|com\d|lpt\d)(?:[./]|$)/i;

/** HFS+ ignores invisible characters; NTFS ignores case, a stream, and dots or spaces at the end. */
function isDotGit(name: string): boolean {
  const visible = name.replace(/\p{Default_Ignorable_Code_Point}/gu, '').normalize('NFKC');
  const folded = visible.toUpperCase().toLowerCase();
  return /^(?:\.git|git~1)[. ]*(?::.*)?$/s.test(folded);
}
