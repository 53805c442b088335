import { Deadline, retry, systemClock } from '@holdfast/http';
import { applyPlan } from '../apply/apply.ts';
import type { CidResult } from '../apply/apply-report.ts';
import type { PinRequest } from '../desired/request.ts';
import type { PinOptions } from '../heal/heal.ts';
import { observeFor } from '../observed/observation.ts';
import { planPins } from '../plan/plan.ts';
import { planOnTarget } from '../plan/plan-on-target.ts';
import { isOwn, readClaims } from '../target/claim-metadata.ts';
import { markOf } from '../target/group-mark.ts';
import type { PinState } from '../target/pin-state.ts';
import type { PinTarget } from '../target/target.ts';

/** A target, and its name in a group that both may be of. */
export interface MovePlace {
  readonly target: PinTarget;
  readonly name?: string | undefined;
}

export interface MoveOptions extends Omit<PinOptions, 'withdrawn' | 'wait' | 'shortage'> {
  /** Looks at the new copies before the old ones are given up; answers why not, for those that do not pass. */
  readonly check?: ((cids: readonly string[]) => Promise<ReadonlyMap<string, string>>) | undefined;
  /** Copies alone, and gives nothing up. Default: false. */
  readonly keep?: boolean | undefined;
  /** Told after each few that are done. */
  readonly onMoved?: ((moved: readonly MovedCid[]) => void) | undefined;
}

/**
 * - `moved`: the copies are at the new place, and the old ones were given up
 * - `copied`: they are at both
 * - `absent`: the old place has none of this owner
 * - `stays`: the new place could not take it, or its copies did not pass; the old ones are as they were
 */
export type MoveOutcome = 'moved' | 'copied' | 'absent' | 'stays';

export interface MovedCid {
  readonly cid: string;
  readonly id: string;
  readonly name: string;
  readonly outcome: MoveOutcome;
  /** Copies at the new place. */
  readonly copies: number;
  readonly reason: string;
}

/** So few are at both places at a time, and are looked at again after a run that was killed. */
const atOnce = 16;

/**
 * Moves the copies of some datasets from one target to another: makes as many there as the old place was asked for, and gives the
 * old ones up once the new ones exist. Run again, it goes on where it stopped.
 *
 * @example
 * ```ts
 * import { copiesFor, LocalTarget, moveCopies, pin } from '@holdfast/pinning';
 *
 * const [old, next] = [new LocalTarget({ folder: 'old' }), new LocalTarget({ folder: 'next' })];
 * const cid = 'bafkreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6am';
 * for (const place of [old, next]) await place.putBlocks([{ cid, bytes: new TextEncoder().encode('hello\n') }]);
 * const owner = 'github.com/example/data';
 * const requests = [{ cid, id: 'hello@1.0.0', owner, name: 'hello', copies: copiesFor('ephemeral') }];
 * await pin(requests, old, { owner });
 * const [moved] = await moveCopies(requests, { from: { target: old }, to: { target: next } }, { owner });
 * console.log(moved?.outcome, moved?.reason); // prints: moved 1 copy is there, and given up where it was
 * ```
 */
export async function moveCopies(
  requests: readonly PinRequest[],
  places: { readonly from: MovePlace; readonly to: MovePlace },
  { check, keep = false, onMoved, ...options }: MoveOptions,
): Promise<MovedCid[]> {
  const { clock = systemClock, random = Math.random, backOff, owner } = options;
  const began = clock.now();
  using deadline = new Deadline(clock, options.deadlineMs, options.signal);
  const { signal } = deadline;
  const left = () =>
    options.deadlineMs === undefined ? undefined : Math.max(0, began + options.deadlineMs - clock.now());
  const retrying = { clock, random, signal, backOff };
  const { from, to } = places;
  const result: MovedCid[] = [];
  for (let at = 0; at < requests.length; at += atOnce) {
    const batch = requests.slice(at, at + atOnce);
    const states = await retry(() => observeFor(batch, from.target, { owner, signal }), retrying);
    const here = new Map(
      states.filter((state) => isOwn(state.pin, owner)).map((state) => [state.cid, state]),
    );
    const found = batch.filter(({ cid }) => here.has(cid));
    const asked = found.map((request) => {
      const copies = copiesAt(here.get(request.cid), places);
      return {
        ...request,
        copies: { min: copies, max: copies, regions: 0, spread: 'where-tagged' as const },
      };
    });
    const made =
      asked.length === 0 ? [] : await ask(asked, to.target, { ...options, deadlineMs: left(), signal });
    const there = new Map(made.map((each) => [each.cid, each]));
    const whole = found.filter(({ cid }) => there.get(cid)?.outcome === 'satisfied').map(({ cid }) => cid);
    const refused = (await check?.(whole)) ?? new Map<string, string>();
    const well = whole.filter((cid) => !refused.has(cid));
    const given = keep
      ? new Map<string, CidResult>()
      : await giveUp(well, from.target, { ...options, signal });
    const moved = batch.map((request) =>
      movedCid(request, there.get(request.cid), { isHere: here.has(request.cid), refused, keep, given }),
    );
    onMoved?.(moved);
    result.push(...moved);
  }
  return result;
}

/** As many as the old place was asked for, beside those that the new one has to hold anyway as a member of the same group. */
function copiesAt(state: PinState | undefined, { from, to }: { from: MovePlace; to: MovePlace }): number {
  const held = state?.peers.filter((copy) => copy.state === 'pinned').length ?? 0;
  const mark = markOf(state?.pin?.metadata ?? {});
  const own = mark?.copies.get(from.name ?? '') ?? Math.max(held, state?.pin?.allocations.length ?? 0);
  return Math.max(1, own) + (mark?.copies.get(to.name ?? '') ?? 0);
}

/** All copies are waited for: the old ones go with the last of them. */
async function ask(
  requests: readonly PinRequest[],
  target: PinTarget,
  options: PinOptions,
): Promise<readonly CidResult[]> {
  const { owner, clock = systemClock, random = Math.random, backOff, signal } = options;
  const planning = { owner, signal, now: () => new Date(clock.now()) };
  const { plan } = await retry(() => planOnTarget(requests, target, planning), {
    clock,
    random,
    signal,
    backOff,
  });
  return (await applyPlan(plan, target, { ...options, wait: 'max' })).results;
}

/** Others may want it where it was: only this owner's claims go. */
async function giveUp(
  cids: readonly string[],
  target: PinTarget,
  options: PinOptions,
): Promise<ReadonlyMap<string, CidResult>> {
  if (cids.length === 0) return new Map();
  const { owner, clock = systemClock, signal } = options;
  const info = await target.inspect({ signal });
  const observed = await observeFor([], target, { owner, cids, signal });
  const withdrawn = observed.flatMap(({ pin }) =>
    pin === undefined ? [] : readClaims(pin).flatMap((claim) => (claim.owner === owner ? claim.id : [])),
  );
  const plan = planPins([], observed, { owner, info, at: new Date(clock.now()), withdrawn });
  const { results } = await applyPlan(plan, target, { ...options, wait: 'none' });
  return new Map(results.map((each) => [each.cid, each]));
}

interface Moving {
  readonly isHere: boolean;
  readonly refused: ReadonlyMap<string, string>;
  readonly keep: boolean;
  readonly given: ReadonlyMap<string, CidResult>;
}

function movedCid(
  { cid, id, name }: PinRequest,
  made: CidResult | undefined,
  { isHere, refused, keep, given }: Moving,
): MovedCid {
  const copies = made?.coverage?.copies ?? 0;
  const base = { cid, id, name, copies };
  if (!isHere) return { ...base, outcome: 'absent', reason: 'the old place has no pin of it' };
  const why = refused.get(cid) ?? (made?.outcome === 'satisfied' ? undefined : made?.reason);
  if (why !== undefined) return { ...base, outcome: 'stays', reason: why };
  const there = `${copies} ${copies === 1 ? 'copy is' : 'copies are'} there`;
  if (keep) return { ...base, outcome: 'copied', reason: `${there}, and where it was` };
  const gone = given.get(cid);
  if (gone?.outcome === 'satisfied')
    return { ...base, outcome: 'moved', reason: `${there}, and given up where it was` };
  return {
    ...base,
    outcome: 'copied',
    reason: `${there}; not given up: ${gone?.reason ?? 'the time was over'}`,
  };
}
