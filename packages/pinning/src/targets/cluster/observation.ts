import { pooled } from '@holdfast/http';
import type { ExistingPin, PinState } from '../../target/pin-state.ts';
import type { ObserveOptions } from '../../target/target.ts';
import { cidKeys } from '../cid-key.ts';
import { batches } from './batch.ts';
import type { ClusterClient } from './client.ts';
import { attempts, isBroken, retryTruncated } from './retry-truncated.ts';
import type { StreamBudget } from './stream-budget.ts';
import { type ClusterStatus, pinFrom, statusFrom } from './wire.ts';

// There is no question for the terms of many CIDs: it is one request for each, or the whole pinset. A line of
// the pinset costs about a fiftieth of a request.
const linesPerRequest = 50;
const requestsAtOnce = 8;

/** The state of these CIDs: their status in a few requests, and their terms unless only copies are asked. */
export async function* observeSome(
  client: ClusterClient,
  cids: readonly string[],
  regions: ReadonlyMap<string, string>,
  budget: StreamBudget,
  options: ObserveOptions,
): AsyncGenerator<PinState> {
  const asked = cidKeys(cids);
  const pins = options.detail === 'copies' ? undefined : await pinsOf(client, [...asked.keys()], options);
  if (options.detail === 'pin') {
    for (const [key, cid] of asked) {
      const pin = pins?.get(key);
      yield { cid, ...(pin && { pin }), peers: [] };
    }
    return;
  }
  for (const batch of batches(asked.keys(), () => budget.mostCids)) {
    const statuses = await budget.spend(batch.length, () => statusesOf(client, batch, regions, options));
    for (const [key, status] of statuses) {
      budget.sawPeers(status.peers.length);
      const pin = pins?.get(key);
      const { metadata, allocations, peers } = status;
      yield { cid: asked.get(key) ?? key, ...(pin ? { pin } : { hint: { metadata, allocations } }), peers };
    }
  }
}

async function statusesOf(
  client: ClusterClient,
  batch: readonly string[],
  regions: ReadonlyMap<string, string>,
  options: ObserveOptions,
): Promise<Map<string, ClusterStatus>> {
  const found = new Map<string, ClusterStatus>();
  for (let missing = batch, attempt = 1; missing.length > 0; attempt += 1) {
    try {
      for await (const line of client.statuses(missing, options)) {
        const status = statusFrom(line, regions);
        if (status) found.set(status.cid, status);
      }
    } catch (error) {
      if (!isBroken(error) || attempt >= attempts) throw error;
    }
    missing = batch.filter((cid) => !found.has(cid));
  }
  return found;
}

/** What the pinset has of these, in the cheaper of the two ways. */
async function pinsOf(
  client: ClusterClient,
  keys: readonly string[],
  options: ObserveOptions,
): Promise<Map<string, ExistingPin>> {
  const pins = new Map<string, ExistingPin>();
  const open = new Set(keys);
  if (keys.length > requestsAtOnce && (await retryTruncated(() => scan(client, open, pins, options))))
    return pins;
  await pooled([...open], requestsAtOnce, async (cid) => {
    const found = pinFrom(await client.allocation(cid, options));
    if (found) pins.set(cid, found.pin);
  });
  return pins;
}

/** True when the whole pinset was read; gives up where asking one by one is cheaper. */
async function scan(
  client: ClusterClient,
  open: Set<string>,
  pins: Map<string, ExistingPin>,
  options: ObserveOptions,
): Promise<boolean> {
  let budget = open.size * linesPerRequest;
  for await (const line of client.allocations(options)) {
    const found = pinFrom(line);
    if (found && open.delete(found.cid)) pins.set(found.cid, found.pin);
    if (open.size === 0) return true;
    budget -= 1;
    if (budget <= 0) return false;
  }
  return true;
}
