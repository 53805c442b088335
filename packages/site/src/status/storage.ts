import { bytes } from '@holdfast/manifest/text';
import type { Summary } from '@holdfast/watch';
import { amountBars } from '../draw/region-bars.ts';
import { type Html, html } from '../html/html.ts';
import { compareText } from '../model/order.ts';

/** Bytes of copies by region. */
export function storage({ storage: byRegion }: Summary): Html {
  const amounts = Object.entries(byRegion)
    .filter(([, size]) => size > 0)
    .sort(([a], [b]) => compareText(a, b));
  if (amounts.length === 0) return html``;
  return html`<section id="storage"><h2>Storage by region</h2>
${amountBars(amounts.map(([name, value]) => ({ name: name === '' ? 'no region' : name, value, text: bytes(value) })))}</section>
`;
}
