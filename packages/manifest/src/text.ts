// A separate entry: who needs only a few words does not load the schema.
export { commandPath, escapeText } from './text/display.ts';
export { nearest } from './text/nearest.ts';
export { bytes, copies, count, range } from './text/quantity.ts';
export { systemReason } from './text/system-reason.ts';
