export const dayMs = 86_400_000;

export const dayOf = (at: number): number => Math.floor(at / dayMs);

export const dayText = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10);

/** Parts of a stretch by day: `known` milliseconds lie at its start. */
export function* byDay(from: number, to: number, known: number): Generator<{ day: number; known: number }> {
  let at = from;
  let left = known;
  while (at < to && left > 0) {
    const day = dayOf(at);
    const part = Math.min(left, (day + 1) * dayMs - at, to - at);
    yield { day, known: part };
    at += part;
    left -= part;
  }
}
