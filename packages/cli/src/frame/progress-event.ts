/** The progress of one piece of work. */
export interface ProgressEvent {
  /** What is being done, as a person would say it: `hashing`, `uploading`, `pinning`, `fetching`, `waiting`. */
  readonly phase: string;
  readonly done: number;
  /** Absent while it is not known. */
  readonly total?: number;
  readonly unit: 'bytes' | 'copies' | 'datasets' | 'files' | 'seconds';
  /** Bytes read so far where the unit is another one: else a few big files seem to stand still. */
  readonly bytes?: number;
  /** The current file or CID, or what is waited for. */
  readonly item?: string;
}
