import { type Html, html } from '../html/html.ts';

/** Text of others in paragraphs, as they wrote them. */
export function prose(text: string): Html {
  const paragraphs = text.split(/\n\s*\n/).filter((part) => part.trim() !== '');
  return html`${paragraphs.map((part) => html`<p class="prose" dir="auto">${part.trim()}</p>`)}`;
}

/** The first words, for a list. */
export function opening(text: string, most = 160): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const characters = [...line];
  return characters.length <= most
    ? line
    : `${characters
        .slice(0, most - 1)
        .join('')
        .trimEnd()}…`;
}
