/** What the system refuses, as a person says it. */
const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'your quota of the disk is used up',
  EFBIG: 'the file is larger than this system lets it be',
  EROFS: 'the file system is read-only',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open on this machine',
  EIO: 'the disk reports an error',
};

/** Why a file could not be read or written: the sentence and the system's code; its own message for what has no sentence here. */
export function systemReason(error: unknown): string {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  const reason = typeof code === 'string' ? reasons[code] : undefined;
  return reason === undefined ? String(message ?? error) : `${reason} (${code})`;
}
