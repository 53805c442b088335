/**
 * For those who write targets: the interface, the values it speaks in, and the checks that the targets of this package make.
 *
 * @module
 */
export type { ExistingPin, PeerCopy, PeerState, PinState } from './target/pin-state.ts';
export { PinningError, type PinningErrorCode, type PinningErrorDetails } from './target/pinning-error.ts';
export type {
  CallOptions,
  LostBlocks,
  ObserveOptions,
  PinTarget,
  Quorums,
  RepairReport,
  TargetInfo,
  TargetPeer,
  WantedPin,
} from './target/target.ts';
export { cidKey, cidKeys } from './targets/cid-key.ts';
export { decodeRecord, encodeRecord, type PinRecord } from './targets/pin-record.ts';
export { assertWantedPin } from './targets/wanted-pin.ts';
