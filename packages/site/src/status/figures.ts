import type { Summary } from '@holdfast/watch';
import { type Html, html } from '../html/html.ts';
import { durationText, shareText } from '../model/quantity.ts';

/** Four numbers that say how it has been. */
export function figures({ copies, datasets, peers: all, repairMs }: Summary): Html {
  const shares = datasets.map(({ available }) => available).filter((share) => share !== undefined);
  const available =
    shares.length === 0 ? undefined : shares.reduce((sum, share) => sum + share, 0) / shares.length;
  const up = all.filter(({ now }) => now?.up === true).length;
  return html`<dl class="figures">
<div><dt>Copies of a dataset</dt><dd>${copies === undefined ? '–' : html`${copies.average.toFixed(2)} <small>of ${copies.wanted.toFixed(2)} wanted</small>`}</dd></div>
<div><dt>At least one copy</dt><dd>${shareText(available)} <small>of the time known</small></dd></div>
<div><dt>Peers up</dt><dd>${up} <small>of ${all.length}</small></dd></div>
<div><dt>Time to repair</dt><dd>${repairMs === undefined ? '–' : html`${durationText(repairMs.median)} <small>median of ${repairMs.count}, longest ${durationText(repairMs.longest)}</small>`}</dd></div>
</dl>`;
}
