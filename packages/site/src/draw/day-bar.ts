import type { DaySummary, Shares } from '@holdfast/watch';
import { Html, html } from '../html/html.ts';
import { shareText } from '../model/quantity.ts';

const states = ['lost', 'degraded', 'healthy', 'unknown'] as const;
type State = (typeof states)[number];
const tall = 20;
/** What was bad for minutes of a day is still seen. */
const leastTall = 5;

/** A bar a day: what was lost at the foot, then what was missing, well, and not known. Days that are alike are one shape. */
export function dayBar(days: readonly DaySummary[], label: string): Html {
  const shapes: Record<State, string> = { lost: '', degraded: '', healthy: '', unknown: '' };
  const all = days.map(heightsOf);
  let from = 0;
  while (from < all.length) {
    const heights = all[from] ?? [];
    let to = from + 1;
    while (to < all.length && heights.every((height, index) => height === all[to]?.[index])) to += 1;
    let foot = tall;
    for (const [index, state] of states.entries()) {
      const height = heights[index] ?? 0;
      foot -= height;
      if (height > 0) shapes[state] += `M${from} ${foot}h${to - from}v${height}h-${to - from}z`;
    }
    from = to;
  }
  const paths = states
    .filter((state) => shapes[state] !== '')
    .map((state) => `<path class="${state}" d="${shapes[state]}"/>`);
  return html`<svg class="bar" viewBox="0 0 ${days.length} ${tall}" preserveAspectRatio="none" role="img" aria-label="${label}">${new Html(paths.join(''))}</svg>`;
}

function heightsOf(day: Shares): readonly number[] {
  const seen = (share: number, most: number) =>
    share > 0 ? Math.min(most, Math.max(leastTall, Math.round(share * tall))) : 0;
  const lost = seen(day.lost, tall);
  const degraded = seen(day.degraded, tall - lost);
  const left = tall - lost - degraded;
  // Rounds never fill a day to the last second.
  const unknown = day.unknown < 0.02 ? 0 : Math.min(left, Math.max(1, Math.round(day.unknown * tall)));
  return [lost, degraded, left - unknown, unknown];
}

/** What the bar shows, in words. */
export function daysText(days: readonly DaySummary[], good: string, share: number | undefined): string {
  const known = days.filter(({ unknown }) => unknown < 1).length;
  if (known === 0) return `Nothing is known of the last ${days.length} days`;
  const bad = days.filter(({ lost, degraded }) => lost + degraded > 0);
  const latest = bad.at(-1)?.date;
  return `${shareText(share)} ${good} in the ${known} of ${days.length} days that are known${bad.length === 0 ? '' : `; ${bad.length} not whole, last ${latest}`}`;
}
