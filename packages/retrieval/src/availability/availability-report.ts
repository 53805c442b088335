import type { PlaceHistory } from './place-history.ts';
import type { SlaReport } from './sla.ts';

/** How one place was. */
export interface PlaceReport {
  readonly source: string;
  readonly region: string | undefined;
  /** `failing`: failed once or twice in a row; `down`: three times or more. */
  readonly state: 'up' | 'failing' | 'down' | 'unknown';
  readonly samples: number;
  readonly lastFault: string | undefined;
  readonly p50Ms: number | undefined;
  readonly p95Ms: number | undefined;
  readonly p99Ms: number | undefined;
  /** By CID: whether the place has the first block itself. `unknown`: it did not say. */
  readonly copies: Readonly<Record<string, CopyState>>;
}

/** `here` and `elsewhere` say where a block is without causing a fetch: not whether it can be had. */
export type CopyState = 'here' | 'elsewhere' | 'unknown';

export interface AvailabilityReport {
  readonly at: number;
  readonly places: readonly PlaceReport[];
  /** Whether at least one place of the region served, in the last round. */
  readonly regions: readonly {
    readonly region: string | undefined;
    readonly up: number;
    readonly places: number;
  }[];
  /** A round is good where at least one place served. */
  readonly sla: SlaReport;
}

export function placeReport(
  { name, region }: { readonly name: string; readonly region: string | undefined },
  history: PlaceHistory,
  copies: ReadonlyMap<string, CopyState>,
): PlaceReport {
  return {
    source: name,
    region,
    state: history.state,
    samples: history.samples.length,
    lastFault: history.last?.fault,
    p50Ms: history.percentile(0.5),
    p95Ms: history.percentile(0.95),
    p99Ms: history.percentile(0.99),
    copies: Object.fromEntries(copies),
  };
}

export function regionsOf(places: readonly PlaceReport[]): AvailabilityReport['regions'] {
  const names = [...new Set(places.map(({ region }) => region))];
  return names.map((region) => {
    const own = places.filter((place) => place.region === region);
    return { region, up: own.filter(({ state }) => state === 'up').length, places: own.length };
  });
}
