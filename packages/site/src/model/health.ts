import type { Dataset } from '@holdfast/manifest';
import type { DatasetSummary } from '@holdfast/watch';

/** How something is, for a colour and a word. */
export type Health = 'healthy' | 'degraded' | 'lost' | 'unknown';

export const healthOf = (watched: DatasetSummary | undefined): Health => watched?.now?.health ?? 'unknown';

export const healthWords: Readonly<Record<Health, string>> = {
  healthy: 'all copies',
  degraded: 'copies missing',
  lost: 'no copy',
  unknown: 'not known',
};

/** "3 of 3": copies that exist, of those wanted. */
export function copiesText(watched: DatasetSummary | undefined): string {
  const now = watched?.now;
  if (now === undefined) return 'not known';
  return now.copies > now.min ? `${now.copies}, ${now.min} wanted` : `${now.copies} of ${now.min}`;
}

interface Version {
  readonly dataset: Dataset;
  readonly watched: DatasetSummary | undefined;
}

/** How a version is; of one that was taken out nobody wants a copy. */
export const standingOf = ({ dataset, watched }: Version): Health | 'withdrawn' =>
  dataset.withdrawn === undefined ? healthOf(watched) : 'withdrawn';

/** The same in words: "copies: 3 of 3". */
export const standingText = ({ dataset, watched }: Version): string =>
  dataset.withdrawn === undefined ? `copies: ${copiesText(watched)}` : 'withdrawn';
