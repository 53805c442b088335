export const dayMs = 86_400_000;

export const dayOf = (at: number): number => Math.floor(at / dayMs);

const texts = new Map<number, string>();

/** One string for all who name the day: a summary of many datasets has it often. */
export function dayText(day: number): string {
  const known = texts.get(day);
  if (known !== undefined) return known;
  const text = new Date(day * dayMs).toISOString().slice(0, 10);
  texts.set(day, text);
  return text;
}

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
