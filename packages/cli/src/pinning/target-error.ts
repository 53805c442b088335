import { commandPath } from '@holdfast/manifest/text';
import { PinningError } from '@holdfast/pinning';
import { type ChosenTarget, targetNames } from './target-kind.ts';

/** The same error, with a hint where the answer seems to come from something else than the target: a gateway, or another port. */
export function ofTarget(error: unknown, { kind, named }: ChosenTarget): unknown {
  if (!(error instanceof PinningError)) return error;
  const other = targetNames[kind].otherServer;
  if (other !== undefined && seemsOther(error)) return Object.assign(error, { hint: other });
  if (error.code !== 'unauthorized' || named === undefined) return error;
  const login = `the credential was refused: holdfast login ${commandPath(named.name, 'NAME')}`;
  return Object.assign(error, { hint: named.env === undefined ? login : `${login}, or set ${named.env}` });
}

/** None of these APIs answers so at its own address. A redirect has its own advice. */
function seemsOther({ code, status }: PinningError): boolean {
  return status === 404 || status === 405 || (code === 'bad-response' && status === undefined);
}
