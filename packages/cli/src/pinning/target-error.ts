import { PinningError } from '@holdfast/pinning';
import type { TargetKind } from './target-kind.ts';

/** An error in the shape of the packages' own: a code that says what to do about it. */
export function failure(
  code: 'refused' | 'unauthorized' | 'unavailable',
  message: string,
  cause?: unknown,
): Error {
  const deeper = cause instanceof Error && cause.cause instanceof Error ? `: ${cause.cause.message}` : '';
  return Object.assign(new Error(`${message}${deeper}`, { cause }), { code });
}

const hints: Readonly<Record<TargetKind, string | undefined>> = {
  cluster:
    'this is probably no IPFS Cluster REST API, which usually listens on port 9094, for example http://127.0.0.1:9094; see --cluster or HOLDFAST_CLUSTER_URL',
  kubo: 'this is probably no RPC API of Kubo, which usually listens on port 5001, for example http://127.0.0.1:5001; see --kubo or HOLDFAST_KUBO_URL',
  'pinning-service':
    'this is probably no Pinning Service API; the address in the documents of the service may have a path, and ends before /pins; see --pinning-service or HOLDFAST_PINNING_SERVICE_URL',
  local: undefined,
};

/** The same error, with a hint where what answered seems to be something else than the target: a gateway, or another port. */
export function ofTarget(error: unknown, kind: TargetKind): unknown {
  const hint = hints[kind];
  return hint !== undefined && error instanceof PinningError && seemsOther(error)
    ? Object.assign(error, { hint })
    : error;
}

/** No API of these answers so where it is at home; a redirect is told with its own advice. */
function seemsOther({ code, status }: PinningError): boolean {
  return status === 404 || status === 405 || (code === 'bad-response' && status === undefined);
}
