import { type Incident, incidentKey } from '../summary/incident.ts';

/** What is told to somebody: an incident that opened, or one that closed. */
export interface Alert {
  /** The same for the same event, however often it is sent. */
  readonly id: string;
  readonly type: 'incident.opened' | 'incident.closed';
  readonly timestamp: string;
  readonly data: {
    readonly kind: Incident['kind'];
    readonly id: string;
    readonly severity: Incident['severity'];
    readonly what: string;
    readonly openedAt: string;
    readonly closedAt?: string;
    readonly fixedBy?: string;
    /** In a sentence, for people. */
    readonly text: string;
  };
}

/** What changed between two rounds: each incident is told once when it opens and once when it closes. */
export function alertsBetween(before: readonly Incident[], after: readonly Incident[]): Alert[] {
  const known = new Map(before.map((incident) => [incidentKey(incident), incident]));
  return after.flatMap((incident) => {
    const was = known.get(incidentKey(incident));
    const alerts: Alert[] = [];
    if (was === undefined) alerts.push(alertOf(incident, 'opened'));
    if (incident.closedAt !== undefined && was?.closedAt === undefined)
      alerts.push(alertOf(incident, 'closed'));
    return alerts;
  });
}

function alertOf(incident: Incident, change: 'opened' | 'closed'): Alert {
  const { kind, id, severity, what, openedAt, closedAt, fixedBy } = incident;
  const time = (at: number) => new Date(at).toISOString();
  const closed = change === 'closed' ? closedAt : undefined;
  const minutes = closed === undefined ? 0 : Math.round((closed - openedAt) / 60_000);
  const text =
    closed === undefined
      ? `${kind} ${id}: ${what}`
      : `${kind} ${id} is well again after ${minutes} min${fixedBy === undefined ? '' : `: ${fixedBy}`}`;
  return {
    id: `${incidentKey(incident)}:${change}`,
    type: `incident.${change}`,
    timestamp: time(closed ?? openedAt),
    data: {
      kind,
      id,
      severity,
      what,
      openedAt: time(openedAt),
      ...(closed !== undefined && { closedAt: time(closed), ...(fixedBy !== undefined && { fixedBy }) }),
      text,
    },
  };
}
