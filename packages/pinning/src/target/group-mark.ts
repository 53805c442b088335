import type { ExistingPin } from './pin-state.ts';
import type { WantedPin } from './target.ts';

/** What a member's pin says of the whole group, in its metadata: `min/max member:copies …`. */
const markKey = 'holdfast-group';
const mark = /^(-1|\d{1,6})\/(-1|\d{1,6})((?: [^\s/]+:\d{1,6})*)$/;

export interface GroupMark {
  readonly min: number;
  readonly max: number;
  /** How many copies each member was asked for. */
  readonly copies: ReadonlyMap<string, number>;
}

export function withMark(pin: WantedPin, copies: ReadonlyMap<string, number>): WantedPin['metadata'] {
  const counts = [...copies].map(([name, count]) => ` ${name}:${count}`).join('');
  return { ...pin.metadata, [markKey]: `${pin.min}/${pin.max}${counts}` };
}

/** undefined for a pin that no group made. */
export function markOf(metadata: ExistingPin['metadata']): GroupMark | undefined {
  const match = mark.exec(metadata[markKey] ?? '');
  if (match === null) return undefined;
  const [, min, max, counts = ''] = match;
  const copies = counts.split(' ').flatMap((entry): [string, number][] => {
    const at = entry.lastIndexOf(':');
    return at < 0 ? [] : [[entry.slice(0, at), Number(entry.slice(at + 1))]];
  });
  return { min: Number(min), max: Number(max), copies: new Map(copies) };
}

export function withoutMark(metadata: ExistingPin['metadata']): Record<string, string> {
  const { [markKey]: _, ...rest } = metadata;
  return rest;
}
