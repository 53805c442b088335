import { decideStep } from '../../plan/decide-step.ts';
import { isChange, type Step } from '../../plan/step.ts';
import { PeerSpace } from '../../target/peer-space.ts';
import type { PinState } from '../../target/pin-state.ts';
import { PinningError, type PinningErrorCode } from '../../target/pinning-error.ts';
import type { ObserveOptions } from '../../target/target.ts';
import type { UnpinnedRecheck } from './recheck-unpinned.ts';
import { retryAndReport } from './retry-and-report.ts';
import type { StepPorts } from './step-ports.ts';

export interface StepFailure {
  readonly code: PinningErrorCode;
  readonly message: string;
}

/** Another writer may win a race once or twice; more often means that somebody undoes what is done here. */
const rounds = 4;

/** A peer that is behind still tells the pin as it was before the write. */
const lagMs = 500;

/**
 * Does one step. A write replaces all of a pin, so what is there is read again just before, the change is planned
 * anew from that, written, and read back until nothing is left to do. Where nothing is there, by the plan and by the
 * second look, there is nothing to lose.
 */
export async function runStep(step: Step, ports: StepPorts, recheck?: UnpinnedRecheck): Promise<void> {
  if (step.kind === 'pin' && !(await recheck?.isPinnedNow(step.cid))) return write(step, ports);
  if (step.kind === 'recover') return recover(step.cid, ports);
  for (let round = 1; round <= rounds; round += 1) {
    let now = await stepNow(step, ports);
    if (round > 1 && isOpen(now)) {
      await ports.clock.sleep(lagMs * 2 ** (round - 1), ports.signal);
      now = await stepNow(step, ports);
    }
    if (!isOpen(now)) return;
    if (round === rounds) break;
    await write(now, ports);
  }
  const message = `the pin of ${step.cid} is still not as written after ${rounds - 1} writes; is something else changing it?`;
  throw new PinningError('bad-response', message);
}

function isOpen(step: Step | undefined): step is Step {
  return step !== undefined && isChange(step) && step.kind !== 'recover';
}

/** The same step, planned against the state of this moment. */
export async function stepNow({ cid, request }: Step, ports: StepPorts): Promise<Step | undefined> {
  const { plan, info, clock } = ports;
  const state = await observeOne(cid, ports);
  return decideStep({
    state,
    owner: plan.owner,
    info,
    now: clock.now(),
    withdrawn: plan.withdrawn,
    space: new PeerSpace(info),
    ...(request !== undefined && { request }),
  });
}

async function write(step: Step, ports: StepPorts): Promise<void> {
  const { target, signal } = ports;
  if (step.kind === 'unpin') return retryAndReport(step.cid, ports, () => target.unpin(step.cid, { signal }));
  for (const pin of step.writes)
    await retryAndReport(step.cid, ports, () => target.pin(step.cid, pin, { signal }));
}

function recover(cid: string, ports: StepPorts): Promise<void> {
  return retryAndReport(cid, ports, () => ports.target.recover(cid, { signal: ports.signal }));
}

/** The state of one CID, by default all of it. */
export async function observeOne(
  cid: string,
  ports: StepPorts,
  options: Pick<ObserveOptions, 'detail' | 'turn'> = {},
): Promise<PinState> {
  const { target, signal } = ports;
  return retryAndReport(cid, ports, async () => {
    for await (const state of target.observe([cid], { ...options, signal }))
      if (state.cid === cid) return state;
    return { cid, peers: [] };
  });
}
