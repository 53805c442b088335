/**
 * A status page and a catalogue: what datasets there are, how many copies they have, and how that was. Values in, files out.
 *
 * @module
 */
export type { SiteDataset, SiteFile, SiteNote, SiteValues } from './model/site-values.ts';
export { listedAtMost, siteFiles } from './site.ts';
