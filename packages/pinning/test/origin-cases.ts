import { readFileSync } from 'node:fs';

interface OriginCase {
  readonly name: string;
  readonly origin: string;
  readonly accepted: boolean;
}

const vectors = new URL('../../manifest/vectors/origins.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(vectors, 'utf8')) as { cases: readonly OriginCase[] };

/** The origins that manifests may name, from the vectors of their schema. */
export const originCases = cases.filter(({ accepted }) => accepted);
