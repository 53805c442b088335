import { inReadingOrder } from './field-order.ts';
import type { FileList } from './file-list.ts';
import type { Dataset, DatasetFile, Profile } from './manifest.ts';

/** The content of a dataset: what `hashFolder` of `@holdfast/content` returns. */
export interface FolderContent {
  readonly cid: string;
  readonly profile: Profile;
  readonly totalSize: number;
  readonly files: readonly (Omit<DatasetFile, 'mediaType'> & { readonly mediaType?: string | undefined })[];
}

/** The content of a dataset with its files in a list beside the manifest. */
export type ListedContent = Omit<FolderContent, 'files'> & { readonly fileList: FileList };

type Described = Omit<Dataset, keyof FolderContent | 'fileList' | 'created' | 'revision'>;

/** What a maintainer says about the dataset. */
export type DatasetFacts = {
  readonly [K in keyof Described]: object extends Pick<Described, K>
    ? Described[K] | undefined
    : Described[K];
} & {
  readonly created: Date | string;
  /** Default: 1. */
  readonly revision?: number | undefined;
};

/**
 * The `dataset` of a manifest, from the content of a folder and what its maintainer says about it. `signManifest` checks it.
 *
 * @example
 * ```ts
 * // content = await hashFolder('./data'), of @holdfast/content
 * const dataset = createDataset(content, {
 *   name: 'tides',
 *   version: '1.0.0',
 *   description: 'Hourly tide gauges',
 *   license: 'CC-BY-4.0',
 *   tier: 'standard',
 *   created: new Date(),
 * });
 * dataset.totalSize; // => content.totalSize
 * ```
 */
export function createDataset(content: FolderContent | ListedContent, facts: DatasetFacts): Dataset {
  const { cid, profile, totalSize } = content;
  const listing =
    'files' in content ? { files: content.files.map(datasetFile) } : { fileList: content.fileList };
  const created = typeof facts.created === 'string' ? facts.created : timestamp(facts.created);
  return inReadingOrder({ revision: 1, ...facts, created, cid, profile, totalSize, ...listing }) as Dataset;
}

function datasetFile({ path, size, sha256, cid, mediaType }: FolderContent['files'][number]): DatasetFile {
  return { path, size, sha256, cid, ...(mediaType !== undefined && { mediaType }) };
}

/** RFC 3339 in UTC, to the second. */
function timestamp(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, 'Z');
}
