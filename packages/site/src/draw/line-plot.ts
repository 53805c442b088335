import { type Html, html } from '../html/html.ts';

export interface Line {
  /** A class of the style sheet: it gives the colour. */
  readonly kind: string;
  /** One value a step; undefined: not known, a gap. */
  readonly values: readonly (number | undefined)[];
}

export interface PlotOptions {
  readonly label: string;
  /** How a value is written. */
  readonly text: (value: number) => string;
  /** What the first and the last step are called. */
  readonly from: string;
  readonly to: string;
}

const wide = 720;
const high = 180;
const left = 56;
const foot = 22;

/** Lines over time, with a grid of round values. */
export function linePlot(lines: readonly Line[], options: PlotOptions): Html {
  const values = lines.flatMap((line) => line.values.filter((value) => value !== undefined));
  const top = roundUp(Math.max(0, ...values));
  const steps = Math.max(1, ...lines.map((line) => line.values.length - 1));
  const x = (step: number) => round(left + (step / steps) * (wide - left - 8));
  const y = (value: number) => round(8 + (1 - value / top) * (high - foot - 8));
  const grid = [0, 0.5, 1].map((share) => share * top);
  return html`<svg class="plot" viewBox="0 0 ${wide} ${high}" role="img" aria-label="${options.label}">${grid.map(
    (value) =>
      html`<path class="grid" d="M${left} ${y(value)}H${wide - 8}"/><text x="${left - 8}" y="${y(value) + 4}" text-anchor="end">${options.text(value)}</text>`,
  )}<text x="${left}" y="${high - 4}">${options.from}</text><text x="${wide - 8}" y="${high - 4}" text-anchor="end">${options.to}</text>${lines.map(
    (line) => html`<path class="line ${line.kind}" d="${pathOf(line.values, x, y)}"/>`,
  )}</svg>`;
}

/** A line without axes, for the row of a table. */
export function sparkline(values: readonly (number | undefined)[], label: string): Html {
  const known = values.filter((value) => value !== undefined);
  if (known.length === 0) return html``;
  const top = Math.max(...known) || 1;
  const x = (step: number) => round((step / Math.max(1, values.length - 1)) * 96 + 2);
  const y = (value: number) => round(2 + (1 - value / top) * 20);
  return html`<svg class="spark" viewBox="0 0 100 24" role="img" aria-label="${label}"><path class="line first" d="${pathOf(values, x, y)}"/></svg>`;
}

function pathOf(
  values: readonly (number | undefined)[],
  x: (step: number) => number,
  y: (value: number) => number,
): string {
  let path = '';
  let open = false;
  for (const [step, value] of values.entries()) {
    if (value === undefined) {
      open = false;
      continue;
    }
    // A point with a gap on both sides is a dot: a line to itself, with round ends.
    path += open ? `L${x(step)} ${y(value)}` : `M${x(step)} ${y(value)}h0`;
    open = true;
  }
  return path;
}

const round = (value: number) => Math.round(value * 10) / 10;

/** 1, 2 or 5 times a power of ten, so that half of it is a round value too. */
function roundUp(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 2, 4, 6, 10].find((step) => step * power >= value) ?? 10;
  return factor * power;
}
