import type { Incident } from '@holdfast/watch';
import { bdi, type Html, html } from '../html/html.ts';
import { durationText, isoTime } from '../model/quantity.ts';
import { moment } from './time.ts';

export const incidentAnchor = ({ kind, id, openedAt }: Incident): string =>
  `${kind}-${id.replace(/[^A-Za-z0-9.-]+/g, '-')}-${isoTime(openedAt).replace(/\D/g, '')}`;

const kinds: Readonly<Record<Incident['kind'], string>> = {
  dataset: 'Dataset',
  peer: 'Peer',
  place: 'Gateway',
  target: 'Target',
};

/** What was lost, since when, what brought it back. */
export function incidentList(incidents: readonly Incident[], at: number, level: 2 | 3 = 3): Html {
  return html`<ol class="incidents">${incidents.map((incident) => incidentItem(incident, at, level))}</ol>`;
}

function incidentItem(incident: Incident, at: number, level: 2 | 3): Html {
  const { kind, id, openedAt, closedAt, severity, what, fixedBy } = incident;
  const title = html`${kinds[kind]} ${bdi(id)}`;
  return html`<li id="${incidentAnchor(incident)}" class="${closedAt === undefined ? severity : 'closed'}">${level === 2 ? html`<h2>${title}</h2>` : html`<h3>${title}</h3>`}
<p dir="auto">${what}</p>
<p class="when">${moment(openedAt)} ${closedAt === undefined ? html`<strong>open for ${durationText(Math.max(0, at - openedAt))}</strong>` : html`to ${moment(closedAt)}, ${durationText(closedAt - openedAt)}`}</p>${
    fixedBy !== undefined &&
    html`
<p class="fixed">Back: ${bdi(fixedBy)}</p>`
  }</li>
`;
}
