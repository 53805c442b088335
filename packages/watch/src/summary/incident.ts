import type { SeenDataset } from '../seen/observation.ts';

export type SubjectKind = 'dataset' | 'peer' | 'place' | 'target';

/** Something that was not well, from when it was seen to when it was well again. */
export interface Incident {
  readonly kind: SubjectKind;
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly openedAt: number;
  readonly closedAt?: number | undefined;
  readonly severity: 'degraded' | 'lost';
  /** What was lost, in a sentence. */
  readonly what: string;
  /** What made it well again. */
  readonly fixedBy?: string | undefined;
}

export const incidentKey = ({ kind, id, openedAt }: Incident): string => `${kind}:${id}:${openedAt}`;

/** What a dataset lost, against how it was. */
export function lossText(
  before: SeenDataset | undefined,
  now: SeenDataset,
  nameOf: (peer: string) => string,
): string {
  const gone = before?.on.filter((peer) => !now.on.includes(peer)) ?? [];
  const lost =
    gone.length === 0
      ? ''
      : `: lost the ${gone.length === 1 ? 'copy' : 'copies'} on ${gone.map(nameOf).join(', ')}`;
  return `${now.copies} of ${now.min} ${now.min === 1 ? 'copy' : 'copies'}${lost}`;
}

/** What brought the copies back, against how it was at the worst. */
export function repairText(opened: SeenDataset, now: SeenDataset, nameOf: (peer: string) => string): string {
  const added = now.on.filter((peer) => !opened.on.includes(peer));
  if (added.length > 0)
    return `${added.length === 1 ? 'a copy' : 'copies'} on ${added.map(nameOf).join(', ')}`;
  if (now.min < opened.min) return `fewer copies are wanted: ${now.min}, not ${opened.min}`;
  return `${now.copies} of ${now.min} ${now.min === 1 ? 'copy' : 'copies'} again`;
}
