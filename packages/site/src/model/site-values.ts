import type { Dataset, DatasetFile } from '@holdfast/manifest';
import type { Ending, Summary } from '@holdfast/watch';

/** A version of a dataset, as its merged manifest says. */
export interface SiteDataset {
  /** The manifest's path in the repository. */
  readonly path: string;
  readonly dataset: Dataset;
  /** The digest that signatures are over. */
  readonly digest: string;
  readonly signedBy: readonly string[];
  /** Its files, sorted by path; undefined where the list is not at hand. */
  readonly files: AsyncIterable<DatasetFile> | Iterable<DatasetFile> | undefined;
}

/** Something that people should know: work that is planned, or what is behind an incident. */
export interface SiteNote {
  /** Milliseconds since 1970. */
  readonly from: number;
  /** Until then it is planned work. */
  readonly until?: number | undefined;
  readonly title: string;
  readonly text?: string | undefined;
}

/** All that a site is made of. The same values make the same files, byte for byte. */
export interface SiteValues {
  readonly title: string;
  /** Where the site will be, for feeds and the sitemap, which name whole addresses. Without it there is no sitemap. */
  readonly address?: string | undefined;
  /** The page of the repository. */
  readonly repository?: string | undefined;
  readonly datasets: readonly SiteDataset[];
  /** What the history comes to; undefined where nobody has looked yet. */
  readonly summary?: Summary | undefined;
  /** Gateways that readers can fetch from: the first is in the addresses of files. */
  readonly gateways?: readonly string[] | undefined;
  readonly notes?: readonly SiteNote[] | undefined;
  /** What is about to end. */
  readonly endings?: readonly Ending[] | undefined;
  /** Milliseconds since 1970: what is old by then is called so. */
  readonly at: number;
}

/** A file of the site. `path` has no leading slash. */
export interface SiteFile {
  readonly path: string;
  readonly text: string | AsyncIterable<string>;
}
