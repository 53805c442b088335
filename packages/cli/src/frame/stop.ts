import { type ExitCode, exitCode } from './exit-code.ts';

/** The signals that ask for an end: of a person, and of what started the process. */
const stops = {
  SIGINT: { told: 'Ctrl-C', code: exitCode.interrupted },
  SIGTERM: { told: 'SIGTERM', code: exitCode.terminated },
} as const;

/** Why the work was told to stop: what the ports' signal is aborted with. */
export class Stop extends DOMException {
  readonly exitCode: ExitCode;

  constructor(signal: keyof typeof stops) {
    const { told, code } = stops[signal];
    super(`stopped by ${told}`, 'AbortError');
    this.exitCode = code;
  }
}
