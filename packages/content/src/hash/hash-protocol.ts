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

export type FileOutcome = FileDigests | FileFailure | TooBig;

/** A file above the solo limit, left unread. */
export interface TooBig {
  readonly shared: number;
}

export interface FileDigests {
  readonly size: number;
  readonly sha256: Uint8Array;
  /** 32 bytes a leaf; absent where the file is one raw leaf, whose digest is `sha256`. */
  readonly leaves?: Uint8Array;
}

export interface FileFailure {
  /** `left`: the other half of a shared job failed, and knows why. */
  readonly failure: 'changed' | 'unreadable' | 'not-a-file' | 'left';
  readonly detail: string;
}

/** The outcomes of a job. What nearly every file has comes packed: objects are what costs between threads. */
export interface Reply {
  readonly sizes: Float64Array;
  /** 32 bytes a file. */
  readonly sha256: Uint8Array;
  /** What else there is to say of some files. */
  readonly more: readonly (readonly [index: number, Uint8Array | FileFailure | TooBig])[];
}

export const slotSize = 1_048_576;
export const ringSlots = 16;
/** The words of `SharedJob.control`: six named ones, then one a slot. */
export const controlWords = 7 + ringSlots;
