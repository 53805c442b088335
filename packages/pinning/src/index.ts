export type { ExistingPin, PeerCopy, PeerState, PinState } from './pin-state.ts';
export { PinningError, type PinningErrorCode, type PinningErrorDetails } from './pinning-error.ts';
export type { Copies, PinRequest } from './request.ts';
export type { CallOptions, PinTarget, TargetInfo, TargetPeer, WantedPin } from './target.ts';
