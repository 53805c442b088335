/** As many copies as wanted; fewer; none. */
export type DatasetHealth = 'healthy' | 'degraded' | 'lost';

export interface SeenDataset {
  readonly cid: string;
  /** Bytes of one copy. */
  readonly size: number;
  /** Copies wanted: the fewest and the most. */
  readonly min: number;
  readonly max: number;
  readonly copies: number;
  readonly health: DatasetHealth;
  /** Ids of the peers that hold a copy. */
  readonly on: readonly string[];
  /** What is missing, in a sentence. */
  readonly missing?: string | undefined;
}

export interface SeenPeer {
  readonly name?: string | undefined;
  readonly region?: string | undefined;
  readonly up: boolean;
  /** Free bytes, to two digits: it changes with every round, and nobody needs more. */
  readonly free?: number | undefined;
}

export interface SeenPlace {
  readonly region?: string | undefined;
  readonly ok: boolean;
  readonly ms: number;
  readonly fault?: string | undefined;
}

/** Copies that were asked to show themselves, by how that came out. */
export interface SeenProofs {
  readonly proved: number;
  readonly refuted: number;
  readonly unreachable: number;
}

/** What one round saw. */
export interface Observation {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** When the next round is planned: what was seen counts no longer than twice that. */
  readonly everyMs: number;
  readonly tookMs: number;
  readonly target: string;
  /** Why the target could not be asked. Nothing is known of datasets and peers then. */
  readonly fault?: string | undefined;
  /** Absent: no copy was asked. */
  readonly proofs?: SeenProofs | undefined;
  /** By id, for example `tides@1.1.0`. */
  readonly datasets: Readonly<Record<string, SeenDataset>>;
  /** By id. */
  readonly peers: Readonly<Record<string, SeenPeer>>;
  /** By address. */
  readonly places: Readonly<Record<string, SeenPlace>>;
}

export const healths: readonly DatasetHealth[] = ['healthy', 'degraded', 'lost'];
