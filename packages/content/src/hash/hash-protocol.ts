/** What the main thread and a hashing thread say to each other. The thread imports only types from here. */

export interface Layout {
  readonly chunkSize: number;
  readonly rawLeaves: boolean;
}

/** Hash each of these files alone. */
export interface FilesJob {
  readonly kind: 'files';
  readonly paths: readonly string[];
  readonly layout: Layout;
  /** A file above this is handed back unread, to be shared by two threads. */
  readonly soloLimit: number;
  /** What each file was known by when it was last hashed: one that still is so is not read. */
  readonly known?: BigInt64Array | undefined;
}

/**
 * One half of a big file. `stream` hashes it whole, `leaves` hashes its chunks; each slot of the ring is read once,
 * by whichever of the two is ahead, and hashed by both.
 */
export interface SharedJob {
  readonly kind: 'shared';
  readonly role: 'stream' | 'leaves';
  readonly path: string;
  readonly size: number;
  readonly layout: Layout;
  readonly control: SharedArrayBuffer;
  readonly ring: SharedArrayBuffer;
  /** 32 bytes a leaf, in order, filled by the `leaves` half. */
  readonly digests: SharedArrayBuffer;
}

export type Job = FilesJob | SharedJob;

export type FileOutcome = FileDigests | FileFailure | TooBig | Unchanged;

/** A file that is known as it is now, left unread. */
export interface Unchanged {
  readonly unchanged: true;
}

/** A file above the solo limit, left unread. */
export interface TooBig {
  readonly shared: number;
}

export interface FileDigests {
  readonly size: number;
  readonly sha256: Uint8Array;
  /** 32 bytes a leaf; absent where the file is one raw leaf, whose digest is `sha256`. */
  readonly leaves?: Uint8Array;
  /** What the file was known by, before and after it was read. */
  readonly stamp: BigInt64Array;
}

export interface FileFailure {
  /** `left`: the other half of a shared job failed, and knows why. */
  readonly failure: 'changed' | 'unreadable' | 'not-a-file' | 'left';
  readonly detail: string;
}

/** The outcomes of a job. What nearly every file has comes packed: objects are what costs between threads. */
export interface Reply {
  /** Negative where the file is as it is known. */
  readonly sizes: Float64Array;
  /** 32 bytes a file. */
  readonly sha256: Uint8Array;
  /** `stampWords` words a file. */
  readonly stamps: BigInt64Array;
  /** What else there is to say of some files. */
  readonly more: readonly (readonly [index: number, Uint8Array | FileFailure | TooBig])[];
}

/** Size, time of modification and of change in nanoseconds, inode. */
export const stampWords = 4;
export const slotSize = 1_048_576;
export const ringSlots = 16;
/** The words of `SharedJob.control`: six named ones, then one a slot. */
export const controlWords = 7 + ringSlots;
