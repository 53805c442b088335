import type { WantedPin } from '../../target/target.ts';

export interface ClusterPinOptions {
  /**
   * A pinned CID that this one follows: its allocations, metadata and replication are taken over, and the
   * nodes fetch only what differs. Of the pin's own options only name and expiry count then.
   */
  readonly update?: string | undefined;
}

/** A pin as the query of `POST /pins/{cid}` and `POST /add` (api/types.go, PinOptions.FromQuery). */
export function pinQuery(pin: WantedPin, options: ClusterPinOptions = {}): URLSearchParams {
  const query = new URLSearchParams({
    'replication-min': String(pin.min),
    'replication-max': String(pin.max),
    name: pin.name,
  });
  if (pin.expires !== undefined) query.set('expire-at', pin.expires);
  if (pin.origins.length > 0) query.set('origins', pin.origins.join(','));
  if (pin.allocations && pin.allocations.length > 0) {
    query.set('user-allocations', pin.allocations.join(','));
  }
  if (options.update !== undefined) query.set('pin-update', options.update);
  for (const [key, value] of Object.entries(pin.metadata)) query.set(`meta-${key}`, value);
  return query;
}
