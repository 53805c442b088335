/** The best record ever seen of each name, and when a node last confirmed it. */
export interface NameStore {
  load(name: string): Promise<StoredRecord | undefined>;
  save(name: string, stored: StoredRecord): Promise<void>;
}

export interface StoredRecord {
  readonly bytes: Uint8Array;
  /** Milliseconds since 1970. */
  readonly confirmedAt: number;
}
