import type { PinRequest } from '../desired/request.ts';
import { isOwn } from '../target/claim-metadata.ts';
import type { PinState } from '../target/pin-state.ts';
import type { CallOptions, PinTarget } from '../target/target.ts';

export interface ObservationScope extends CallOptions {
  readonly owner: string;
  /** CIDs to look at beside the desired ones, for example of withdrawn datasets. */
  readonly cids?: readonly string[] | undefined;
  /** Look through all the target keeps, for pins of this owner that nobody names any more. */
  readonly everything?: boolean | undefined;
}

/**
 * The states a plan needs. Of all that a target keeps, only what is desired or this owner's is held in memory.
 *
 * @example
 * ```ts
 * import { copiesFor, LocalTarget, observeFor } from '@holdfast/pinning';
 *
 * const target = new LocalTarget({ folder: 'copies' });
 * const cid = 'bafkreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6am';
 * await target.putBlocks([{ cid, bytes: new TextEncoder().encode('hello\n') }]);
 * const owner = 'github.com/example/data';
 * const requests = [{ cid, id: 'hello@1.0.0', owner, name: 'hello', copies: copiesFor('ephemeral') }];
 * const [state] = await observeFor(requests, target, { owner });
 * console.log(state?.pin, state?.peers.length); // prints: undefined 1
 * ```
 */
export async function observeFor(
  desired: readonly PinRequest[],
  target: PinTarget,
  { owner, cids = [], everything = false, signal }: ObservationScope,
): Promise<PinState[]> {
  const named = new Set([...desired.map((request) => request.cid), ...cids]);
  const options = signal === undefined ? {} : { signal };
  const states: PinState[] = [];
  if (!everything) {
    if (named.size > 0) for await (const state of target.observe([...named], options)) states.push(state);
    return states;
  }
  for await (const state of target.observe(undefined, options)) {
    if (named.delete(state.cid) || isOwn(state.pin, owner)) states.push(state);
  }
  // What the target keeps nothing of is not in its list.
  if (named.size > 0) for await (const state of target.observe([...named], options)) states.push(state);
  return states;
}
