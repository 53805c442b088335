import { compareVersions } from '@holdfast/manifest/internal';
import type { DatasetSummary, Summary } from '@holdfast/watch';
import { compareText } from './order.ts';
import { dayMs } from './quantity.ts';
import type { SiteDataset, SiteValues } from './site-values.ts';

/** A version with what the history says of it. */
export interface CataloguedVersion extends SiteDataset {
  /** For example `tides@1.0.0`. */
  readonly id: string;
  readonly watched: DatasetSummary | undefined;
}

/** A dataset: all its versions, the latest first. */
export interface CataloguedDataset {
  readonly name: string;
  readonly latest: CataloguedVersion;
  readonly versions: readonly CataloguedVersion[];
}

/** Datasets by name, in the order of their names. */
export function catalogueOf({
  datasets,
  summary,
}: Pick<SiteValues, 'datasets' | 'summary'>): CataloguedDataset[] {
  const watched = new Map(summary?.datasets.map((seen) => [seen.id, seen]));
  const byName = new Map<string, CataloguedVersion[]>();
  for (const version of datasets) {
    const { name } = version.dataset;
    const id = `${name}@${version.dataset.version}`;
    const versions = byName.get(name) ?? [];
    versions.push({ ...version, id, watched: watched.get(id) });
    byName.set(name, versions);
  }
  return [...byName]
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([name, versions]) => {
      versions.sort(
        (a, b) => compareVersions(b.dataset.version, a.dataset.version) || compareText(a.id, b.id),
      );
      // A version that was taken out is not what a reader should get.
      const latest = versions.find(({ dataset }) => dataset.withdrawn === undefined) ?? versions[0];
      return latest === undefined ? [] : [{ name, latest, versions }];
    });
}

/** When somebody last looked, and whether that is too long ago to say how things are. */
export function ageOf(summary: Summary | undefined, at: number): 'never' | 'stale' | 'fresh' {
  if (summary?.lastAt === undefined) return 'never';
  return at - summary.lastAt > dayMs ? 'stale' : 'fresh';
}
