/** Which source gave a block. */
export interface BlockEvent {
  readonly kind: 'block';
  readonly cid: string;
  readonly source: string;
  readonly bytes: number;
  readonly ms: number;
  /** It was asked because another was slow. */
  readonly hedged: boolean;
}
