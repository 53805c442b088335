import { type Html, html } from '../html/html.ts';

export interface Amount {
  readonly name: string;
  readonly value: number;
  readonly text: string;
}

/** Amounts side by side, as long as they are large. */
export function amountBars(amounts: readonly Amount[]): Html {
  const most = Math.max(1, ...amounts.map(({ value }) => value));
  return html`<ul class="amounts">${amounts.map(
    ({ name, value, text }) =>
      html`<li><span><bdi>${name}</bdi></span><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><path class="track" d="M0 0h100v10H0z"/><path class="first" d="M0 0h${Math.round((value / most) * 1000) / 10}v10H0z"/></svg><b>${text}</b></li>`,
  )}</ul>`;
}
