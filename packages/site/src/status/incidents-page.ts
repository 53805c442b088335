import { html } from '../html/html.ts';
import type { Page } from '../html/page.ts';
import type { SiteValues } from '../model/site-values.ts';
import { incidentList } from '../parts/incident-list.ts';

const most = 500;

export function incidentsPage({ summary, at }: SiteValues): Page {
  const incidents = summary?.incidents ?? [];
  return {
    path: 'incidents.html',
    title: 'Incidents',
    description: 'What was lost in the last 30 days, what brought it back, and how long that took.',
    section: 'incidents',
    body: (up) => html`<h1>Incidents of 30 days</h1>
<p class="lead">What was lost, what brought it back, and how long that took. <a href="${up}feed.xml">Feed</a></p>
${incidents.length === 0 ? html`<p>None.</p>` : incidentList(incidents.slice(0, most), at, 2)}
${incidents.length > most && html`<p>The ${most} newest of ${incidents.length}.</p>`}`,
  };
}
