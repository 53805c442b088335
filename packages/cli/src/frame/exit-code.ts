/** What a process of ours ends with. The table for users is docs/exit-codes.md. */
export const exitCode = {
  /** Everything asked for is so. */
  ok: 0,
  /** Problems in data, or fewer copies than wanted. */
  problems: 1,
  /** The command line, or what it names, is not usable. */
  misuse: 2,
  /** The world failed: network, disk, another program. */
  world: 3,
  /** Stopped by Ctrl-C: the shells' own number for it. */
  interrupted: 130,
  /** Stopped by SIGTERM, as systemd, a container or a cancelled job does; the shells' number too. */
  terminated: 143,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
