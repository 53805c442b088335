/** How `holdfast` exits. The table for users is docs/exit-codes.md. */
export const exitCode = {
  /** Everything is as asked. */
  ok: 0,
  /** Problems in data, or fewer copies than wanted. */
  problems: 1,
  /** The command line, or a file it names, is not usable. */
  misuse: 2,
  /** The world failed: network, disk, another program. */
  world: 3,
  /** Stopped by Ctrl-C: the number shells use. */
  interrupted: 130,
  /** Stopped by SIGTERM, as by systemd, a container or a cancelled job. */
  terminated: 143,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
