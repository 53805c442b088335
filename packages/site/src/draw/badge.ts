import { html } from '../html/html.ts';
import type { Health } from '../model/health.ts';

const colours: Readonly<Record<Health, readonly [shields: string, fill: string]>> = {
  healthy: ['brightgreen', '#1b7f4b'],
  degraded: ['orange', '#a15c00'],
  lost: ['red', '#b3261e'],
  unknown: ['lightgrey', '#5f6670'],
};

export interface Badge {
  readonly label: string;
  readonly message: string;
  readonly health: Health;
}

/** For a README: no font or picture of anybody else. */
export function badgeSvg({ label, message, health }: Badge): string {
  const [left, right] = [label, message].map(widthOf) as [number, number];
  return html`<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="${label}: ${message}"><title>${label}: ${message}</title><clipPath id="r"><rect width="${left + right}" height="20" rx="3"/></clipPath><g clip-path="url(#r)"><path fill="#3d444d" d="M0 0h${left}v20H0z"/><path fill="${colours[health][1]}" d="M${left} 0h${right}v20H${left}z"/></g><g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle"><text x="${left / 2}" y="14" textLength="${left - 12}">${label}</text><text x="${left + right / 2}" y="14" textLength="${right - 12}">${message}</text></g></svg>\n`
    .text;
}

/** What shields.io reads (`endpoint`). */
export function badgeEndpoint({ label, message, health }: Badge): string {
  return `${JSON.stringify({ schemaVersion: 1, label, message, color: colours[health][0] })}\n`;
}

/** About as wide as Verdana writes it. */
function widthOf(text: string): number {
  let width = 12;
  for (const character of text)
    width += /[iljt.,:;'| ]/.test(character) ? 4 : /[mwMW@%]/.test(character) ? 10 : 7;
  return width;
}
