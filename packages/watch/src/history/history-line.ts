import * as z from 'zod/mini';
import type { Observation, SeenDataset, SeenPeer } from '../seen/observation.ts';

const count = z.number().check(z.nonnegative());
const Dataset = z.strictObject({
  cid: z.string(),
  size: count,
  min: count,
  max: count,
  copies: count,
  health: z.enum(['healthy', 'degraded', 'lost']),
  on: z.array(z.string()),
  missing: z.optional(z.string()),
});
const Peer = z.strictObject({
  name: z.optional(z.string()),
  region: z.optional(z.string()),
  up: z.boolean(),
  free: z.optional(count),
});
const Place = z.strictObject({
  region: z.optional(z.string()),
  ok: z.boolean(),
  ms: count,
  fault: z.optional(z.string()),
});
const Proofs = z.strictObject({ proved: count, refuted: count, unreachable: count });
/** What many looks at a place came to: how many, how many were good, and how long those took, by bucket. */
const PlaceTally = z.strictObject({
  region: z.optional(z.string()),
  looks: count,
  ok: count,
  ms: z.array(z.tuple([count, count])),
});

/**
 * A line of a history: what a round saw that the line before did not say already, or what an hour or a day came to. Facts are
 * absolute, so that lines of two writers can be put together in any way.
 */
export const HistoryLine = z.strictObject({
  v: z.literal(1),
  at: z.string().check(z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)),
  every: count,
  took: count,
  target: z.string(),
  fault: z.optional(z.string()),
  proofs: z.optional(Proofs),
  /** Nothing before counts: what is not in this line is not there. */
  whole: z.optional(z.boolean()),
  datasets: z.record(z.string(), z.nullable(Dataset)),
  peers: z.record(z.string(), z.nullable(Peer)),
  places: z.record(z.string(), Place),
  /** Of a line that stands for an hour or a day. */
  sum: z.optional(
    z.strictObject({
      /** Milliseconds in which something was known. */
      known: count,
      rounds: count,
      faults: count,
      proofs: z.optional(Proofs),
      /** Milliseconds healthy, degraded and lost, and the fewest copies: of datasets that were not the same all the time. */
      datasets: z.record(z.string(), z.tuple([count, count, count, count])),
      /** Milliseconds up, of peers that were not the same all the time. */
      peers: z.record(z.string(), count),
      places: z.record(z.string(), PlaceTally),
    }),
  ),
});
export type HistoryLine = z.infer<typeof HistoryLine>;
export type PlaceTally = z.infer<typeof PlaceTally>;

/** The line as text, or why it is not one. */
export function parseLine(text: string): HistoryLine | { readonly fault: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { fault: 'it is not whole: the writer was interrupted' };
  }
  const read = HistoryLine.safeParse(value);
  if (read.success) return read.data;
  const { path, message } = read.error.issues[0] ?? { path: [], message: 'unknown' };
  return { fault: `${path.join('.') || 'the line'}: ${message}` };
}

export const formatLine = (line: HistoryLine): string => `${JSON.stringify(line)}\n`;

/** What is known of datasets and peers after some lines. */
export interface KnownState {
  readonly datasets: Map<string, SeenDataset>;
  readonly peers: Map<string, SeenPeer>;
}

export const nothingKnown = (): KnownState => ({ datasets: new Map(), peers: new Map() });

/** Takes in what a line says. */
export function applyLine(state: KnownState, line: HistoryLine): void {
  if (line.whole && line.fault === undefined) {
    for (const id of state.datasets.keys()) if (!Object.hasOwn(line.datasets, id)) state.datasets.delete(id);
    for (const id of state.peers.keys()) if (!Object.hasOwn(line.peers, id)) state.peers.delete(id);
  }
  take(state.datasets, line.datasets);
  take(state.peers, line.peers);
}

function take<T>(known: Map<string, T>, said: Readonly<Record<string, T | null>>): void {
  for (const [id, value] of Object.entries(said)) {
    if (value === null) known.delete(id);
    else known.set(id, value);
  }
}

/** The line of an observation, after what is known already. Without that it stands alone. */
export function lineOf(seen: Observation, known: KnownState | undefined): HistoryLine {
  const { at, everyMs, tookMs, target, fault, proofs, places } = seen;
  const asked = fault === undefined;
  return {
    v: 1,
    at: new Date(at).toISOString(),
    every: everyMs / 1000,
    took: tookMs,
    target,
    ...(fault !== undefined && { fault }),
    ...(proofs !== undefined && { proofs: { ...proofs } }),
    ...(known === undefined && asked && { whole: true }),
    datasets: asked ? difference(seen.datasets, known?.datasets) : {},
    peers: asked ? difference(seen.peers, known?.peers) : {},
    places: { ...places },
  };
}

type Facts = SeenDataset | SeenPeer;
type Mutable<T> = T extends SeenDataset ? z.infer<typeof Dataset> : z.infer<typeof Peer>;

export function difference<T extends Facts>(
  now: Readonly<Record<string, T>>,
  before: ReadonlyMap<string, T> | undefined,
): Record<string, Mutable<T> | null> {
  const said: Record<string, Mutable<T> | null> = {};
  for (const [id, value] of Object.entries(now)) {
    const known = before?.get(id);
    if (known === undefined || !sameFacts(known, value)) said[id] = value as unknown as Mutable<T>;
  }
  for (const id of before?.keys() ?? []) if (!Object.hasOwn(now, id)) said[id] = null;
  return said;
}

function sameFacts(a: Facts, b: Facts): boolean {
  const [left, right] = [Object.entries(a), Object.entries(b)].map((entries) =>
    entries.filter(([, value]) => value !== undefined),
  );
  return JSON.stringify(left?.sort(byKey)) === JSON.stringify(right?.sort(byKey));
}

const byKey = ([a]: [string, unknown], [b]: [string, unknown]) => (a < b ? -1 : 1);
