import { HttpClient, type HttpClientOptions, type Interpretation } from '@holdfast/http';
import { nodeTransport } from '@holdfast/http/node';
import { asPinningError, type PinningErrorCode } from '../target/pinning-error.ts';

/** Where a target's API is, and how patiently it is asked. */
export type ApiOptions = Omit<HttpClientOptions, 'transport' | 'interpret' | 'asError'>;

export type TargetClient = HttpClient<PinningErrorCode>;

/** The HTTP client of a target: over node:http, which sees the trailers of a cluster, and failing with a `PinningError`. */
export function targetClient(
  options: ApiOptions,
  interpret?: Interpretation<PinningErrorCode>,
): TargetClient {
  return new HttpClient<PinningErrorCode>({
    ...options,
    transport: nodeTransport(),
    interpret,
    asError: asPinningError,
  });
}
