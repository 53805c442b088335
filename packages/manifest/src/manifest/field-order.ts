import type { Dataset } from './manifest.ts';

/** The order for people who read a manifest. Signatures do not depend on it. */
export const fieldOrder = [
  'name',
  'version',
  'revision',
  'repository',
  'title',
  'description',
  'keywords',
  'homepage',
  'citation',
  'creators',
  'sources',
  'license',
  'tier',
  'created',
  'expires',
  'previous',
  'withdrawn',
  'origins',
  'mirrors',
  'metadata',
  'cid',
  'profile',
  'totalSize',
  'files',
  'fileList',
] as const satisfies readonly (keyof Dataset)[];

/** The fields in reading order, without those that are undefined. What is not a field of a dataset comes last. */
export function inReadingOrder<T extends object>(fields: T): T {
  const keys = new Set<string>([...fieldOrder, ...Object.keys(fields)]);
  const all = fields as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    [...keys].flatMap((key) => (all[key] === undefined ? [] : [[key, all[key]]])),
  ) as T;
}
