import { type Html, html } from '../html/html.ts';
import { dayText, isoTime, timeText } from '../model/quantity.ts';

/** A time that scripts add its age to. */
export const moment = (at: number): Html => html`<time datetime="${isoTime(at)}">${timeText(at)}</time>`;

export const day = (at: number): Html =>
  html`<time datetime="${isoTime(at).slice(0, 10)}">${dayText(at)}</time>`;
