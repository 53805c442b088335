import type { NameStore } from './name-store.ts';
import { parseName } from './record/name.ts';
import type { NameRecord } from './record/record.ts';
import { RecordFault } from './record/record-fault.ts';
import { compareRecords } from './record/select-record.ts';
import { readRecord } from './record/verify-record.ts';

interface Kept {
  readonly record: NameRecord;
  readonly confirmedAt: number;
}

const longestFreshMs = 60_000;

/** The highest record seen of each name: in memory, and in a store that outlives the process. It never goes back. */
export class KeptRecords {
  readonly #memory = new Map<string, Kept>();
  readonly #store: NameStore | undefined;

  constructor(store: NameStore | undefined) {
    this.#store = store;
  }

  inMemory(name: string): Kept | undefined {
    return this.#memory.get(name);
  }

  async load(name: string): Promise<Kept | undefined> {
    const stored = await this.#store?.load(name);
    const kept = stored && { record: readStored(name, stored.bytes), confirmedAt: stored.confirmedAt };
    if (kept?.record !== undefined) this.#keep(name, { record: kept.record, confirmedAt: kept.confirmedAt });
    return this.#memory.get(name);
  }

  async confirm(name: string, record: NameRecord, now: number): Promise<void> {
    this.#keep(name, { record, confirmedAt: now });
    const kept = this.#memory.get(name);
    if (kept?.record === record) await this.#store?.save(name, { bytes: record.bytes, confirmedAt: now });
  }

  #keep(name: string, kept: Kept): void {
    const known = this.#memory.get(name);
    const order = known === undefined ? 1 : compareRecords(kept.record, known.record);
    if (order > 0 || (order === 0 && known !== undefined && kept.confirmedAt >= known.confirmedAt))
      this.#memory.set(name, kept);
  }
}

/** Whether it needs no confirmation: for its own time to live, at most a minute, and never past its validity. */
export function isFresh({ record, confirmedAt }: Kept, now: number): boolean {
  const age = now - confirmedAt;
  return isValid(record, now) && age >= 0 && age < Math.min(record.ttlMs, longestFreshMs);
}

export function isValid({ validUntil }: NameRecord, now: number): boolean {
  return now < validUntil.getTime();
}

/** A store is verified as a node is; what it lost is as if it had never been there. Expired records still count as seen. */
function readStored(name: string, bytes: Uint8Array): NameRecord | undefined {
  try {
    return readRecord(parseName(name), bytes);
  } catch (error) {
    if (error instanceof RecordFault) return undefined;
    throw error;
  }
}
