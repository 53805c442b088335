import type { Fault } from './fault.ts';

/** What gateways have been seen to do, for a fault proxy in front of a good one. */
export const gatewayFaults = {
  lies: { kind: 'corrupt', atByte: 0 },
  hangs: { kind: 'hang' },
  stalls: { kind: 'hang', after: 'headers' },
  /** Never silent, and never done. */
  drips: { kind: 'slow', bytesPerSecond: 20 },
  isSlow: { kind: 'slow', delayMs: 20_000 },
  cuts: { kind: 'cut', afterBytes: 10 },
  sendsPage: {
    kind: 'answer',
    status: 200,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: '<!doctype html><title>Just a moment</title>',
  },
  limits: { kind: 'answer', status: 429, headers: { 'retry-after': '2' }, body: 'too many requests' },
  fails: { kind: 'answer', status: 500, body: 'internal error' },
  /** What Kubo says of content that nobody has. */
  givesUp: {
    kind: 'answer',
    status: 504,
    body: 'failed to resolve: context deadline exceeded',
    delayMs: 30_000,
  },
} as const satisfies Record<string, Fault>;
