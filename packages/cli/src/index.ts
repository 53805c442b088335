export { dispatch } from './dispatch.ts';
export { type ExitCode, exitCode } from './exit-code.ts';
export type { Input, Output, Ports } from './ports.ts';
