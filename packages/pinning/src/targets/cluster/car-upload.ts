import { multipartFile, object, text, texts } from '@holdfast/http';
import { PinningError } from '../../target/pinning-error.ts';
import type { CallOptions, WantedPin } from '../../target/target.ts';
import { cidKey } from '../cid-key.ts';
import type { ClusterClient } from './client.ts';
import { pinQuery } from './pin-query.ts';

/** A CAR v1 with one root, as bytes. Only one that can be opened anew can be sent again after a fault. */
export type CarSource = AsyncIterable<Uint8Array> | (() => AsyncIterable<Uint8Array>);

export interface AddCarOptions extends CallOptions {
  /** How to pin what was added; the blocks alone are added without. */
  readonly pin?: WantedPin | undefined;
  /** The root that the CAR should have: another one is an error. */
  readonly cid?: string | undefined;
  /** Adds to the answering peer alone and lets the others fetch from it. */
  readonly local?: boolean | undefined;
  /** The longest silence: the cluster says nothing while it hands blocks on. Default: 10 minutes. */
  readonly idleMs?: number | undefined;
  /** Called with the bytes sent so far. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

export interface AddedCar {
  readonly cid: string;
  /** The peers that were given the blocks. */
  readonly allocations: readonly string[];
}

/** Streams a CAR into the cluster, which then need not search the network for the content. */
export async function addCar(
  client: ClusterClient,
  source: CarSource,
  options: AddCarOptions,
): Promise<AddedCar> {
  const query = options.pin ? pinQuery(options.pin) : new URLSearchParams({ 'no-pin': 'true' });
  query.set('format', 'car');
  if (options.local) query.set('local', 'true');
  const opened = new OneOpening(source);
  const request = {
    method: 'POST',
    path: '/add',
    query,
    ...multipartFile({
      open: () => opened.open(),
      name: 'content.car',
      type: 'application/octet-stream',
      onProgress: options.onProgress,
    }),
    idleMs: options.idleMs ?? 600_000,
  } as const;
  let added: AddedCar | undefined;
  for await (const line of client.api.lines(request, options.signal)) {
    const output = object(line);
    const cid = text(output?.cid);
    if (cid !== undefined) added = { cid, allocations: texts(output?.allocations) };
  }
  return expectRoot(added, options.cid, client);
}

function expectRoot(
  added: AddedCar | undefined,
  expected: string | undefined,
  client: ClusterClient,
): AddedCar {
  const { label } = client.api;
  if (!added) throw new PinningError('bad-response', `${label}: POST /add expected a root CID, got none`);
  if (expected !== undefined && cidKey(added.cid) !== cidKey(expected)) {
    throw new PinningError('invalid', `${label}: expected a CAR with root ${expected}, got ${added.cid}`);
  }
  return added;
}

class OneOpening {
  readonly #source: CarSource;
  #openings = 0;

  constructor(source: CarSource) {
    this.#source = source;
  }

  open(): AsyncIterable<Uint8Array> {
    this.#openings += 1;
    if (typeof this.#source === 'function') return this.#source();
    if (this.#openings === 1) return this.#source;
    throw new PinningError(
      'invalid',
      'the CAR was sent in part before a fault and cannot be opened again: give a function that opens it',
    );
  }
}
