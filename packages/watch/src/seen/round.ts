import { type CidStatus, PinningError, type PinRequest, type PinTarget, pinStatus } from '@holdfast/pinning';
import { createMonitor, type Source } from '@holdfast/retrieval';
import type {
  DatasetHealth,
  Observation,
  SeenDataset,
  SeenPeer,
  SeenPlace,
  SeenProofs,
} from './observation.ts';

export interface RoundOptions {
  /** What is wanted: the requests of the accepted manifests. */
  readonly requests: readonly PinRequest[];
  readonly target: PinTarget;
  /** Asks copies to show themselves before they are counted; `target` then counts none that could not. Default: nobody is asked. */
  readonly prove?: ((cids: readonly string[]) => Promise<SeenProofs>) | undefined;
  /** Places that the content should be served by. Default: none. */
  readonly places?: readonly Source[] | undefined;
  /** The CID that places are asked for. Default: the smallest dataset's. */
  readonly sentinel?: string | undefined;
  /** From the start of a round to that of the next. */
  readonly everyMs: number;
  /** How long the target may take. Default: 30 s. */
  readonly limitMs?: number | undefined;
  readonly clock: () => number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Looks at everything once: the copies of each dataset, the peers, the places. A target that cannot be asked is part of what was
 * seen, not an error.
 */
export async function watchRound(options: RoundOptions): Promise<Observation> {
  const { target, everyMs, clock } = options;
  const at = clock();
  const [copies, places] = await Promise.all([lookAtTarget(options), lookAtPlaces(options)]);
  return { at, everyMs, tookMs: clock() - at, target: target.label, ...copies, places };
}

type Seen = Pick<Observation, 'datasets' | 'peers' | 'fault' | 'proofs'>;

async function lookAtTarget(options: RoundOptions): Promise<Seen> {
  const { requests, target, limitMs = 30_000 } = options;
  const signal = AbortSignal.any([AbortSignal.timeout(limitMs), ...(options.signal ? [options.signal] : [])]);
  try {
    const cids = requests.map(({ cid }) => cid);
    const proofs = await options.prove?.(cids);
    const report = await pinStatus(target, { requests, cids, signal });
    const byCid = new Map(report.items.map((item) => [item.cid, item]));
    const datasets = requests.flatMap((request): [string, SeenDataset][] => {
      const item = byCid.get(request.cid);
      return item === undefined ? [] : [[request.id, seenDataset(request, item)]];
    });
    const peers = report.peers.map(({ id, name, region, up, freeSpace }): [string, SeenPeer] => [
      id,
      {
        ...(name !== undefined && { name }),
        ...(region !== undefined && { region }),
        up,
        ...(freeSpace !== undefined && { free: Number(freeSpace.toPrecision(2)) }),
      },
    ]);
    return {
      datasets: Object.fromEntries(datasets),
      peers: Object.fromEntries(peers),
      ...(proofs !== undefined && { proofs }),
    };
  } catch (error) {
    options.signal?.throwIfAborted();
    if (!(error instanceof PinningError) && !signal.aborted) throw error;
    return { datasets: {}, peers: {}, fault: error instanceof Error ? error.message : String(error) };
  }
}

const healthOf: Readonly<Record<CidStatus['health'], DatasetHealth>> = {
  healthy: 'healthy',
  degraded: 'degraded',
  unhealthy: 'lost',
};

function seenDataset({ totalSize = 0 }: PinRequest, item: CidStatus): SeenDataset {
  const { cid, copies, wanted, health, peers, missing } = item;
  return {
    cid,
    size: totalSize,
    min: wanted.min,
    max: wanted.max,
    copies,
    health: healthOf[health],
    on: peers.filter(({ state }) => state === 'pinned').map(({ peer }) => peer),
    ...(missing !== '' && { missing }),
  };
}

async function lookAtPlaces(options: RoundOptions): Promise<Readonly<Record<string, SeenPlace>>> {
  const { places = [], requests, signal } = options;
  const smallest = requests.toSorted((a, b) => (a.totalSize ?? 0) - (b.totalSize ?? 0))[0];
  const sentinel = options.sentinel ?? smallest?.cid;
  if (places.length === 0 || sentinel === undefined) return {};
  // One monitor a round: history is kept on disk, not in it.
  const { places: seen } = await createMonitor(places, { sentinel }).round(signal);
  return Object.fromEntries(
    seen.map(({ source, region, state, p50Ms, lastFault }): [string, SeenPlace] => [
      source,
      {
        ...(region !== undefined && { region }),
        ok: state === 'up',
        ms: Math.round((p50Ms ?? 0) * 10) / 10,
        ...(lastFault !== undefined && { fault: lastFault }),
      },
    ]),
  );
}
