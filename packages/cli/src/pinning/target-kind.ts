/** The flags that name a target, one of each kind. */
export type TargetKind = 'cluster' | 'kubo' | 'local' | 'pinning-service';
