import type { ApplyPorts } from './apply-ports.ts';
import { retry } from './back-off.ts';
import { decide } from './decision.ts';
import type { PinState } from './pin-state.ts';
import { PinningError, type PinningErrorCode } from './pinning-error.ts';
import { Room } from './room.ts';
import { isChange, type Step } from './step.ts';
import type { PinTarget } from './target.ts';

export interface StepFailure {
  readonly code: PinningErrorCode;
  readonly message: string;
}

/** Another writer may win a race once or twice; more often means that somebody undoes what is done here. */
const rounds = 4;

/**
 * Does one step. What writes over an existing pin replaces all of it, so the pin is read again just before,
 * the change is planned anew from that, written, and read back until nothing is left to do.
 */
export async function runStep(step: Step, ports: ApplyPorts): Promise<void> {
  if (step.kind === 'pin') return write(step, ports);
  if (step.kind === 'recover') return recover(step.cid, ports);
  for (let round = 1; round <= rounds; round += 1) {
    const now = await stepNow(step, ports);
    if (now === undefined || !isChange(now) || now.kind === 'recover') return;
    if (round === rounds) break;
    await write(now, ports);
  }
  const message = `the pin of ${step.cid} is still not as written after ${rounds - 1} writes; is something else changing it?`;
  throw new PinningError('bad-response', message);
}

/** The same step, planned against the state of this moment. */
export async function stepNow({ cid, wish }: Step, ports: ApplyPorts): Promise<Step | undefined> {
  const { plan, info, clock, target } = ports;
  const state = await observeOne(target, cid, ports);
  return decide({
    state,
    owner: plan.owner,
    info,
    now: clock.now(),
    rules: plan.rules,
    room: new Room(info),
    ...(wish !== undefined && { wish }),
  });
}

async function write(step: Step, ports: ApplyPorts): Promise<void> {
  const { target, signal } = ports;
  if (step.kind === 'unpin') return attempt(step.cid, ports, () => target.unpin(step.cid, { signal }));
  for (const pin of step.writes) await attempt(step.cid, ports, () => target.pin(step.cid, pin, { signal }));
}

function recover(cid: string, ports: ApplyPorts): Promise<void> {
  return attempt(cid, ports, () => ports.target.recover(cid, { signal: ports.signal }));
}

function attempt<T>(cid: string, ports: ApplyPorts, call: () => Promise<T>): Promise<T> {
  return retry(call, {
    ...ports,
    onRetry: (attempt, delayMs, { code, message }) =>
      ports.emit({ type: 'retry', what: cid, attempt, delayMs, code, message }),
  });
}

/** The whole state of one CID. */
export async function observeOne(target: PinTarget, cid: string, ports: ApplyPorts): Promise<PinState> {
  return attempt(cid, ports, async () => {
    for await (const state of target.observe([cid], { signal: ports.signal }))
      if (state.cid === cid) return state;
    return { cid, peers: [] };
  });
}
