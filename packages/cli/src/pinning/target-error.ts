import { PinningError } from '@holdfast/pinning';
import { type TargetKind, targetNames } from './target-kind.ts';

/** The same error, with a hint where the answer seems to come from something else than the target: a gateway, or another port. */
export function ofTarget(error: unknown, kind: TargetKind): unknown {
  const hint = targetNames[kind].otherServer;
  return hint !== undefined && error instanceof PinningError && seemsOther(error)
    ? Object.assign(error, { hint })
    : error;
}

/** None of these APIs answers so at its own address. A redirect has its own advice. */
function seemsOther({ code, status }: PinningError): boolean {
  return status === 404 || status === 405 || (code === 'bad-response' && status === undefined);
}
