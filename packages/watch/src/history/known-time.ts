import type { HistoryLine } from './history-line.ts';

/** How many planned pauses a round speaks for. After that nothing is known until the next round. */
const pauses = 2;

export interface Stretch {
  readonly from: number;
  /** Where the next line begins, or now. */
  readonly to: number;
  /** Milliseconds of it in which something is known, from the start. */
  readonly known: number;
}

/** What a line speaks for: until the next, but never longer than twice the planned pause. */
export function stretchOf(line: HistoryLine, next: number): Stretch {
  const from = Date.parse(line.at);
  const to = Math.max(from, next);
  if (line.sum !== undefined) return { from, to, known: Math.min(line.sum.known, to - from) };
  if (line.fault !== undefined) return { from, to, known: 0 };
  return { from, to, known: Math.min(to - from, pauses * line.every * 1000) };
}
