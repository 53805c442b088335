/**
 * - `oversized`: more than 10 KiB
 * - `malformed`: not a record, or one with values that no reader agrees on
 * - `unsigned`: without the signature of version 2
 * - `foreign`: it carries the key of another name
 * - `forged`: the signature is not the name's
 * - `contradictory`: its unsigned part says something else than its signed part
 * - `expired`: its time is over
 */
export type RecordFaultCode =
  | 'oversized'
  | 'malformed'
  | 'unsigned'
  | 'foreign'
  | 'forged'
  | 'contradictory'
  | 'expired';

/** Why a record is not accepted. Thrown inside this folder only; callers get it in a verdict. */
export class RecordFault extends Error {
  readonly code: RecordFaultCode;

  constructor(code: RecordFaultCode, message: string) {
    super(message);
    this.code = code;
  }
}
