export { addressMistake } from './address-mistake.ts';
export { type BackOff, defaultBackOff, type RetryPorts, retry } from './back-off.ts';
export { pooled } from './bounded-pool.ts';
export { type BreakerOptions, CircuitBreaker } from './circuit-breaker.ts';
export { type Clock, systemClock } from './clock.ts';
export { type Auth, type AuthSource, Credentials, parseAuth } from './credentials.ts';
export { Deadline } from './deadline.ts';
export { Endpoint } from './endpoint.ts';
export { type FetchTransportOptions, fetchTransport } from './fetch-transport.ts';
export {
  type BodyOptions,
  type Expected,
  type ExpectedLines,
  HttpClient,
  type HttpClientOptions,
} from './http-client.ts';
export { HttpError, type HttpErrorCode, type HttpErrorDetails } from './http-error.ts';
export { integer, type JsonObject, labels, list, object, text, texts } from './json-shape.ts';
export { type MultipartFile, multipartFile } from './multipart.ts';
export { aborted, type FailureContext, networkFailure } from './network-failure.ts';
export type { Interpretation } from './refusal.ts';
export { errorCode, safeCause } from './safe-cause.ts';
export { plain, shortened } from './server-message.ts';
export type { HttpAnswer, HttpRequest, RequestBody, SendOptions, Transport } from './transport.ts';
