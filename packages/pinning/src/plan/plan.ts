import { combineRequests } from '../desired/combined-request.ts';
import type { PinRequest } from '../desired/request.ts';
import { isOwn } from '../target/claim-metadata.ts';
import { PeerSpace } from '../target/peer-space.ts';
import type { PinState } from '../target/pin-state.ts';
import type { TargetInfo } from '../target/target.ts';
import { decideStep } from './decide-step.ts';
import type { Plan, Step } from './step.ts';

export interface PlanContext {
  /** Whose requests these are, for example `github.com/owner/repo`. */
  readonly owner: string;
  readonly info: TargetInfo;
  readonly at: Date;
  /** Ids that were taken out on purpose. Only these make a pin go before its end. Default: none. */
  readonly withdrawn?: readonly string[] | undefined;
}

/**
 * Desired minus observed. `desired` is all, or a part, of what the owner wants: what is missing from it
 * is kept unless `withdrawn` names it. `observed` holds at least the state of every CID
 * that is desired or should go; a desired CID without a state is taken as pinned by nobody.
 *
 * @example
 * ```ts
 * import { copiesFor, LocalTarget, observeFor, planPins } from '@holdfast/pinning';
 *
 * const target = new LocalTarget({ folder: 'copies' });
 * const cid = 'bafkreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6am';
 * await target.putBlocks([{ cid, bytes: new TextEncoder().encode('hello\n') }]);
 * const owner = 'github.com/example/data';
 * const requests = [{ cid, id: 'hello@1.0.0', owner, name: 'hello', copies: copiesFor('ephemeral') }];
 * const observed = await observeFor(requests, target, { owner });
 * const plan = planPins(requests, observed, { owner, info: await target.inspect(), at: new Date() });
 * for (const { kind, reason } of plan.steps) console.log(`${kind}: ${reason}`); // prints: pin: not pinned yet; 1 wanted
 * ```
 */
export function planPins(
  desired: readonly PinRequest[],
  observed: readonly PinState[],
  context: PlanContext,
): Plan {
  const { owner, info, at, withdrawn = [] } = context;
  const now = at.getTime();
  const combined = combineRequests(desired, owner);
  const states = new Map(observed.map((state) => [state.cid, state]));
  const space = new PeerSpace(info);
  const steps: Step[] = [];
  for (const request of combined.values()) {
    const state = states.get(request.cid) ?? { cid: request.cid, peers: [] };
    const step = decideStep({ state, request, owner, info, now, withdrawn, space });
    if (step !== undefined) steps.push(step);
  }
  for (const state of [...states.values()].sort((a, b) => (a.cid < b.cid ? -1 : 1))) {
    if (combined.has(state.cid) || !isOwn(state.pin, owner)) continue;
    const step = decideStep({ state, owner, info, now, withdrawn, space });
    if (step !== undefined) steps.push(step);
  }
  return { owner, steps, withdrawn };
}
