import type { DatasetHealth, Observation, SeenDataset, SeenPeer, SeenPlace } from '@holdfast/watch';

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;
export const start = Date.parse('2026-06-01T00:00:00.000Z');

export function dataset(copies: number, more: Partial<SeenDataset> = {}): SeenDataset {
  const min = more.min ?? 3;
  const health: DatasetHealth = copies >= min ? 'healthy' : copies > 0 ? 'degraded' : 'lost';
  const on = ['oslo', 'lisbon', 'nairobi', 'lima', 'perth'].slice(0, copies);
  return { cid: 'bafkrei', size: 1000, min, max: 4, copies, health, on, ...more };
}

export const peer = (more: Partial<SeenPeer> = {}): SeenPeer => ({
  region: 'eu',
  up: true,
  free: 1e9,
  ...more,
});

export const place = (ms: number | undefined): SeenPlace =>
  ms === undefined ? { ok: false, ms: 5000, fault: 'no answer in 5 s' } : { ok: true, ms };

export function seen(at: number, more: Partial<Observation> = {}): Observation {
  return {
    at,
    everyMs: 5 * minute,
    tookMs: 12,
    target: 'cluster',
    datasets: {},
    peers: {},
    places: {},
    ...more,
  };
}
