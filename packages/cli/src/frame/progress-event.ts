/** How far one piece of work has come. */
export interface ProgressEvent {
  /** What is being done, as a person would say it: `hashing`, `uploading`, `pinning`, `fetching`. */
  readonly phase: string;
  readonly done: number;
  /** Absent while it is not known. */
  readonly total?: number;
  readonly unit: 'bytes' | 'copies' | 'files';
  /** Bytes read so far, where the unit is another: a few big files would else seem to stand still. */
  readonly bytes?: number;
  /** What it is at just now: a file, a CID. */
  readonly item?: string;
}
