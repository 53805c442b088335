import { createHash } from 'node:crypto';
import type { TestCluster } from '@holdfast/testkit';
import { CID } from 'multiformats/cid';
import { create } from 'multiformats/hashes/digest';
import { type ApplyOptions, applyPlan } from '../../src/apply/apply.ts';
import type { PinRequest } from '../../src/desired/request.ts';
import { observeFor } from '../../src/observed/observation.ts';
import { type PlanContext, planPins } from '../../src/plan/plan.ts';
import type { ExistingPin, PinState } from '../../src/target/pin-state.ts';
import type { PinTarget } from '../../src/target/target.ts';
import { ClusterTarget } from '../../src/targets/cluster/cluster-target.ts';
import { owner } from '../requests.ts';

/** Long enough for a machine that does other things, short enough to fail in. */
export const patience = 120_000;

export function targetOf(cluster: TestCluster, urls: readonly string[] = cluster.urls): ClusterTarget {
  return new ClusterTarget({ endpoints: urls, ...(cluster.auth && { auth: { basic: cluster.auth } }) });
}

export function targetOfUrls(urls: readonly string[]): ClusterTarget {
  return new ClusterTarget({ endpoints: urls });
}

/** Observe, plan, apply. */
export async function run(
  target: PinTarget,
  desired: readonly PinRequest[],
  { context = {}, ...options }: ApplyOptions & { context?: Partial<PlanContext> } = {},
) {
  const plan = await planNow(target, desired, context);
  return { plan, report: await applyPlan(plan, target, { deadlineMs: patience, ...options }) };
}

export async function planNow(
  target: PinTarget,
  desired: readonly PinRequest[],
  context: Partial<PlanContext> = {},
) {
  const observed = await observeFor(desired, target, { owner: context.owner ?? owner, everything: true });
  return planPins(desired, observed, { owner, info: await target.inspect(), at: new Date(), ...context });
}

export async function stateOf(target: PinTarget, cid: string): Promise<PinState> {
  for await (const state of target.observe([cid])) return state;
  throw new Error(`${target.label} says nothing of ${cid}`);
}

export async function pinOf(target: PinTarget, cid: string): Promise<ExistingPin> {
  const { pin } = await stateOf(target, cid);
  if (pin === undefined) throw new Error(`${cid} is not pinned`);
  return pin;
}

/** The CID that content would have, as one raw block. */
export function cidOf(content: string): string {
  return CID.createV1(0x55, create(0x12, createHash('sha256').update(content).digest())).toString();
}

export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false>,
  ms = patience,
): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
