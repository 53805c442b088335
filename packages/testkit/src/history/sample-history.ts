/** As a history has it, on its own terms: the testkit imports no other package. */
interface SampleDataset {
  cid: string;
  size: number;
  min: number;
  max: number;
  copies: number;
  health: 'healthy' | 'degraded' | 'lost';
  on: string[];
  missing?: string;
}

interface SamplePeer {
  name: string;
  region: string;
  up: boolean;
  free: number;
}

export interface SampleLine {
  v: 1;
  at: string;
  every: number;
  took: number;
  target: string;
  whole?: true;
  proofs: { proved: number; refuted: number; unreachable: number };
  datasets: Record<string, SampleDataset | null>;
  peers: Record<string, SamplePeer | null>;
  places: Record<string, { region: string; ok: boolean; ms: number; fault?: string }>;
}

export interface Watched {
  readonly id: string;
  readonly cid: string;
  readonly size: number;
  readonly min: number;
}

export interface SampleOptions {
  readonly datasets: readonly Watched[];
  /** Milliseconds since 1970, of the last round. */
  readonly to: number;
  readonly days: number;
  /** Of a day, evenly spread. */
  readonly rounds?: number | undefined;
}

const peers: Readonly<Record<'p1' | 'p2' | 'p3' | 'p4', SamplePeer>> = {
  p1: { name: 'oslo', region: 'eu', up: true, free: 1.2e12 },
  p2: { name: 'lisbon', region: 'eu', up: true, free: 8.1e11 },
  p3: { name: 'boston', region: 'us', up: true, free: 2.4e12 },
  p4: { name: 'kyoto', region: 'ap', up: true, free: 6.5e11 },
};

const dayMs = 86_400_000;

/**
 * A history with what happens in one: a peer that is lost for hours and heals, a gateway that hangs, days in which nobody
 * looked. Nothing in it is drawn by chance.
 */
export function* sampleHistory({ datasets, to, days, rounds = 24 }: SampleOptions): Generator<SampleLine> {
  const every = dayMs / rounds;
  const total = days * rounds;
  const holders = (min: number, from: number) =>
    Array.from({ length: min }, (_, index) => `p${((from + index) % 4) + 1}`);
  const first = Object.fromEntries(
    datasets.map(({ id, cid, size, min }, index): [string, SampleDataset] => [
      id,
      { cid, size, min, max: min + 1, copies: min, health: 'healthy', on: holders(min, index) },
    ]),
  );
  const without = (peer: string): Record<string, SampleDataset> =>
    Object.fromEntries(
      Object.entries(first).flatMap(([id, seen]) => {
        if (!seen.on.includes(peer)) return [];
        const on = seen.on.filter((one) => one !== peer);
        const health = on.length === 0 ? 'lost' : 'degraded';
        return [
          [id, { ...seen, on, copies: on.length, health, missing: `${on.length} of ${seen.min} copies` }],
        ];
      }),
    );
  const back = (peer: string) =>
    Object.fromEntries(Object.entries(first).filter(([, { on }]) => on.includes(peer)));
  const outage = (round: number, fromDay: number, hours: number) => {
    const begin = Math.round(fromDay * rounds);
    const end = begin + Math.max(1, Math.round((hours / 24) * rounds));
    return round === begin ? 'opens' : round === end ? 'closes' : undefined;
  };
  let month = '';
  for (let round = 0; round < total; round++) {
    const dayNumber = Math.floor(round / rounds);
    // For three days nobody looked.
    if (dayNumber >= days * 0.3 && dayNumber < days * 0.3 + 3) continue;
    const at = new Date(to - (total - 1 - round) * every).toISOString();
    // Each month's file begins with everything.
    const whole = at.slice(0, 7) !== month;
    month = at.slice(0, 7);
    const boston = outage(round, days * 0.55, 7);
    const kyoto = outage(round, days * 0.92, 3);
    const changed = {
      ...(whole ? first : {}),
      ...(boston === 'opens' ? without('p3') : boston === 'closes' ? back('p3') : {}),
      ...(kyoto === 'opens' ? without('p4') : kyoto === 'closes' ? back('p4') : {}),
    };
    const hung = dayNumber === Math.floor(days * 0.8) && round % rounds < 5;
    const wave = Math.sin(round / 9) + Math.sin(round / 31);
    yield {
      v: 1,
      at,
      every: every / 1000,
      took: 420 + (round % 7) * 30,
      target: 'cluster.example.org',
      ...(whole && { whole: true }),
      proofs: { proved: datasets.length * 3, refuted: 0, unreachable: boston === 'opens' ? 1 : 0 },
      datasets: changed,
      peers: {
        ...(whole ? peers : {}),
        ...(boston !== undefined && { p3: { ...peers.p3, up: boston === 'closes' } }),
        ...(kyoto !== undefined && { p4: kyoto === 'opens' ? null : peers.p4 }),
      },
      places: {
        'https://ipfs.example.org': { region: 'eu', ok: true, ms: Math.round(60 + 18 * wave) },
        'https://gateway.example.net': hung
          ? { region: 'us', ok: false, ms: 0, fault: 'no answer within 10 s' }
          : { region: 'us', ok: true, ms: Math.round(140 + 45 * wave) },
      },
    };
  }
}
