export { dispatch } from './command-line.ts';
export { type ExitCode, exitCode } from './frame/exit-code.ts';
export type { Input, Output, Ports } from './frame/ports.ts';
