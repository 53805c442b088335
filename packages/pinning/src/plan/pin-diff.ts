import type { ExistingPin } from '../target/pin-state.ts';
import type { WantedPin } from '../target/target.ts';

export interface Differences {
  readonly any: boolean;
  readonly endsTooSoon: boolean;
}

/** What of a pin is not as wanted, apart from its copies. */
export function pinDiff(pin: ExistingPin, wanted: WantedPin): Differences {
  const end = seconds(pin.expires);
  const wantedEnd = seconds(wanted.expires);
  const endDiffers = end !== wantedEnd;
  const any =
    endDiffers ||
    pin.name !== wanted.name ||
    !sameMap(pin.metadata, wanted.metadata) ||
    !sameSet(pin.origins, wanted.origins);
  return { any, endsTooSoon: endDiffers && end < wantedEnd };
}

/** Targets round times differently; a second is as fine as an end needs. */
function seconds(time: string | undefined): number {
  return time === undefined ? Number.POSITIVE_INFINITY : Math.floor(Date.parse(time) / 1000);
}

function sameMap(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item) => b.includes(item));
}
