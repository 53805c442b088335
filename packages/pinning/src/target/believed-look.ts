/** For longer a look is not believed: on some targets a single pin takes minutes. */
const freshMs = 3_000;
/** A look that took long, at a pinset of many, is believed for so many times as long: it must not be what most of the time goes to. */
const freshTimes = 10;

/** Until when to believe what a look found absent. */
export function believedUntil(began: number, ended: number): number {
  return ended + Math.max(freshMs, freshTimes * (ended - began));
}
