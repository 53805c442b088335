import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { heal } from '../../src/heal/heal.ts';
import { rollBack } from '../../src/rollout/roll-back.ts';
import { rollOut } from '../../src/rollout/roll-out.ts';
import { PinningServiceTarget } from '../../src/targets/pinning-service/pinning-service-target.ts';
import { copies, owner, request } from '../requests.ts';
import { leafOf } from './car.ts';
import { compliance } from './compliance.ts';
import {
  filebaseRules,
  PinningServiceStandIn,
  pinataRules,
  type ServiceRules,
} from './pinning-service-stand-in.ts';

const services: readonly (readonly [string, ServiceRules])[] = [
  ['Pinata', pinataRules],
  ['Filebase', filebaseRules],
];

/** A service by its documented endpoint and limits; its minute has three seconds here, and what is waited of it is as much shorter. */
async function opened({ windowMs, ...rules }: ServiceRules) {
  const minute = Math.min(3_000, windowMs);
  const standIn = await PinningServiceStandIn.open({ ...rules, windowMs: minute });
  const busyPauseMs = minute / 4;
  const target = new PinningServiceTarget({ endpoint: standIn.url, token: rules.token, busyPauseMs });
  const content = () => {
    const { cid } = leafOf(randomBytes(32));
    standIn.present.add(cid);
    return cid;
  };
  return { standIn, target, content };
}

for (const [name, rules] of services)
  compliance(`PinningServiceTarget at ${name}`, async () => {
    const { standIn, target, content } = await opened(rules);
    return {
      target,
      most: 1,
      content: async () => content(),
      [Symbol.asyncDispose]: () => standIn.close(),
    };
  });

describe.each(services)('%s, by its documented limits', { timeout: 60_000 }, (_name, rules) => {
  it('keeps 400 datasets, though it takes only so many requests at a time', async () => {
    const { standIn, target, content } = await opened(rules);
    const requests = Array.from({ length: 400 }, () => request(content(), { copies: copies(1, 1) }));
    const running = { owner, deadlineMs: 120_000 };
    const { applied } = await heal(requests, target, running);
    expect(applied).toMatchObject({ outcome: 'satisfied', satisfied: 400 });
    expect(standIn.pins).toHaveLength(400);
    const posts = standIn.requests.filter(({ method }) => method === 'POST').length;
    expect(posts - standIn.busy).toBeLessThanOrEqual(400);
    const before = standIn.requests.length;
    const again = await heal(requests, target, running);
    expect(again.plan.steps.every(({ kind }) => kind === 'keep')).toBe(true);
    // A look and a wait by lists of ten would be 80.
    expect(standIn.requests.length - before).toBeLessThan(60);
    await standIn.close();
  });

  it('refuses another token at once, and nothing is asked again', async () => {
    const { standIn } = await opened(rules);
    const target = new PinningServiceTarget({ endpoint: standIn.url, token: 'of-somebody' });
    await expect(target.inspect()).rejects.toMatchObject({ code: 'unauthorized' });
    expect(standIn.requests.length).toBeLessThanOrEqual(2);
    await standIn.close();
  });

  it('is a phase of a rollout, and gives up what failed', async () => {
    const { standIn, target, content } = await opened(rules);
    const next = request(content(), { copies: copies(1, 1) });
    const running = { owner, deadlineMs: 60_000 };
    const paused = await rollOut([next], target, { ...running, phases: [{ name: 'paid' }], until: 'paid' });
    expect(paused.outcome).toBe('paused');
    expect(await rollBack(target, running)).toMatchObject([{ cid: next.cid, ok: true }]);
    expect(standIn.pins).toEqual([]);
    await standIn.close();
  });
});
