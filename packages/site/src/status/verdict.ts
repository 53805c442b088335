import { count } from '@holdfast/manifest/text';
import type { Summary } from '@holdfast/watch';
import { ageOf, type CataloguedDataset } from '../model/catalogue.ts';
import { type Health, healthOf } from '../model/health.ts';

export interface Verdict {
  readonly health: Health;
  readonly headline: string;
  readonly details: readonly string[];
}

/** Whether all is well, or what is not: the first line of the site. */
export function verdictOf(
  catalogue: readonly CataloguedDataset[],
  summary: Summary | undefined,
  at: number,
): Verdict {
  const versions = catalogue.flatMap((dataset) => dataset.versions).filter(isKept);
  if (summary === undefined || ageOf(summary, at) === 'never')
    return { health: 'unknown', headline: 'Nobody has looked yet', details: [] };
  const lost = versions.filter(({ watched }) => healthOf(watched) === 'lost');
  const degraded = versions.filter(({ watched }) => healthOf(watched) === 'degraded');
  const unknown = versions.filter(({ watched }) => healthOf(watched) === 'unknown');
  const down = summary.peers.filter(({ now }) => now?.up !== true);
  const places = summary.places.filter(({ fault }) => fault !== undefined);
  const details = [
    ...(summary.fault === undefined ? [] : [`The target did not answer: ${summary.fault}`]),
    ...(down.length === 0
      ? []
      : [
          `${count(down.length, 'peer')} of ${summary.peers.length} down: ${some(down.map(({ name }) => name))}`,
        ]),
    ...places.map(({ id, fault }) => `${id} did not serve: ${fault}`),
    ...(unknown.length === 0 ? [] : [`${count(unknown.length, 'dataset')} nobody has looked at yet`]),
  ];
  const total = versions.length;
  if (ageOf(summary, at) === 'stale')
    return { health: 'unknown', headline: 'Stale: nobody has looked for more than a day', details };
  if (lost.length > 0)
    return {
      health: 'lost',
      headline: `${count(lost.length, 'dataset')} of ${total} without any copy`,
      details,
    };
  if (degraded.length > 0)
    return {
      health: 'degraded',
      headline: `${count(degraded.length, 'dataset')} of ${total} with fewer copies than wanted`,
      details,
    };
  if (summary.fault !== undefined)
    return { health: 'unknown', headline: 'Not known: the last look got no answer', details };
  return {
    health: details.length === 0 ? 'healthy' : 'degraded',
    headline: total === 1 ? 'The dataset has all its copies' : `All ${total} datasets have their copies`,
    details,
  };
}

/** Not taken out. */
export const isKept = ({ dataset }: CataloguedDataset['latest']): boolean => dataset.withdrawn === undefined;

function some(names: readonly string[]): string {
  return names.length <= 3
    ? names.join(', ')
    : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
}
