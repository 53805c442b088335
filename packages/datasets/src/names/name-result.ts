/**
 * - `published`: it points to another version than before
 * - `renewed`: it points where it did, for longer
 * - `current`: nothing had to be done
 * - `due`: it would be published or renewed, in a dry run
 * - `waiting`: the latest version has too few copies, so the name stays where it is
 * - `no-key`: its key was not given
 * - `failed`: too few nodes took the record
 */
export type NameOutcome = 'published' | 'renewed' | 'current' | 'due' | 'waiting' | 'no-key' | 'failed';

/** How one name came out. A plain value that can be written as JSON. */
export interface NameResult {
  readonly dataset: string;
  /** The IPNS name: `k51…`. */
  readonly name: string;
  readonly outcome: NameOutcome;
  /** One sentence. */
  readonly reason: string;
  /** What a person can do about it. */
  readonly todo?: string;
  /** The version it points to now, `name@version`. */
  readonly id?: string;
  readonly cid?: string;
  /** A number of up to 63 bits, so a text. */
  readonly sequence?: string;
  readonly validUntil?: string;
  /** Nodes that gave the new record back. */
  readonly nodes?: readonly string[];
}
