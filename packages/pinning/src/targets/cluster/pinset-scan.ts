import type { PinState } from '../../target/pin-state.ts';
import type { ObserveOptions } from '../../target/target.ts';
import type { ClusterClient } from './client.ts';
import { observeSome } from './observation.ts';
import { attempts, isBroken, retryTruncated } from './retry-truncated.ts';
import type { StreamBudget } from './stream-budget.ts';
import { type PinTerms, pinFrom, stateFrom, statusFrom } from './wire.ts';

const givenOut = null;
type Terms = Map<string, PinTerms | typeof givenOut>;

/**
 * Everything in the pinset with its status. Two streams have to be joined, and neither is sorted: of the
 * first only what the second does not repeat is kept, a few dozen bytes for each CID.
 */
export async function* observeAll(
  client: ClusterClient,
  regions: ReadonlyMap<string, string>,
  budget: StreamBudget,
  options: ObserveOptions,
): AsyncGenerator<PinState> {
  const terms = await wholeTerms(client, options);
  const strangers = new Set<string>();
  for (let attempt = 1; ; attempt += 1) {
    try {
      for await (const line of client.statuses(undefined, options)) {
        const status = statusFrom(line, regions);
        if (!status) continue;
        const term = terms.get(status.cid);
        if (term) {
          terms.set(status.cid, givenOut);
          yield stateFrom(status, term);
        } else if (term === undefined) {
          strangers.add(status.cid);
        }
      }
      break;
    } catch (error) {
      // Another endpoint goes on where this one broke off.
      if (!isBroken(error) || attempt >= attempts) throw error;
    }
  }
  // What came or went between the two streams.
  const rest = [...strangers, ...keysLeft(terms)];
  for await (const state of observeSome(client, rest, regions, budget, options)) if (state.pin) yield state;
}

function keysLeft(terms: Terms): string[] {
  return [...terms].flatMap(([cid, term]) => (term === givenOut ? [] : [cid]));
}

function wholeTerms(client: ClusterClient, options: ObserveOptions): Promise<Terms> {
  return retryTruncated(async () => {
    const terms: Terms = new Map();
    // Thousands of pins have the same few terms.
    const shared = new Map<string, PinTerms>();
    for await (const line of client.allocations(options)) {
      const found = pinFrom(line);
      if (!found) continue;
      const { min, max, expires } = found.pin;
      const key = `${min}/${max}/${expires ?? ''}`;
      const same = shared.get(key) ?? { min, max, ...(expires === undefined ? {} : { expires }) };
      shared.set(key, same);
      terms.set(found.cid, same);
    }
    return terms;
  });
}
