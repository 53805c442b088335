import { type Html, html } from '../html/html.ts';

/** A field that the script brings to life: without one it stays away, and all rows are there. */
export function filterField(list: string, what: string): Html {
  return html`<p class="filter" hidden data-filter="${list}"><label>Filter ${what} <input type="search" autocomplete="off" spellcheck="false"></label> <output></output></p>`;
}
