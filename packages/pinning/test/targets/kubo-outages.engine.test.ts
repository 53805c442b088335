import { randomBytes } from 'node:crypto';
import { startKubo, type TestKubo } from '@holdfast/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { heal, pin } from '../../src/heal/heal.ts';
import { KuboTarget } from '../../src/targets/kubo/kubo-target.ts';
import { copies, owner, request } from '../requests.ts';
import { copiesOf, noContent, stateOf, wanted } from './compliance.ts';

let kubo: TestKubo;
beforeAll(async () => {
  kubo = await startKubo({ nodes: 3 });
});
afterAll(() => kubo?.close());
beforeEach(() => kubo.clean());

const target = () => new KuboTarget({ endpoints: kubo.urls });
const stop = (node: TestKubo['nodes'][number] | undefined) => {
  if (node?.pid === undefined) throw new Error('expected a node that runs');
  process.kill(node.pid, 'SIGSTOP');
};
const byHand = async () => {
  const cid = await kubo.addContent(randomBytes(200));
  await kubo.nodes[0]?.rpc('pin/add', { arg: cid, name: 'by hand' });
  return cid;
};

describe('a pin that somebody made by hand on one Kubo node', () => {
  test('is one copy of a tier, and the others come beside it', async () => {
    const cid = await byHand();
    const { plan, outcome } = await pin([request(cid)], target(), { owner, deadlineMs: 60_000 });
    expect(outcome).toBe('satisfied');
    expect(plan.steps[0]).toMatchObject({ kind: 'raise', adds: 2 });
    expect(copiesOf(await stateOf(target(), cid))).toBe(3);
  });

  test('leaves nothing to do afterwards', async () => {
    const cid = await byHand();
    await pin([request(cid)], target(), { owner, deadlineMs: 60_000 });
    const { items } = await heal([request(cid)], target(), { owner, deadlineMs: 60_000 });
    expect(items.map(({ did }) => did)).toEqual(['keep']);
  });

  test('is claimed where it is enough, and stays when the claim goes', async () => {
    const cid = await byHand();
    const wanted = request(cid, { copies: copies(1, 1) });
    expect((await pin([wanted], target(), { owner, deadlineMs: 60_000 })).outcome).toBe('satisfied');
    expect((await stateOf(target(), cid)).pin?.metadata).toMatchObject({ 'holdfast-repo': owner });
    await pin([], target(), { owner, withdrawn: [wanted.id], deadlineMs: 60_000 });
    const state = await stateOf(target(), cid);
    expect(copiesOf(state)).toBe(1);
    expect(state.pin).toMatchObject({ name: 'by hand', metadata: {} });
  });
});

describe('one Kubo node of three hangs', { tags: ['slow'] }, () => {
  afterEach(() => {
    for (const { pid } of kubo.nodes) if (pid !== undefined) process.kill(pid, 'SIGCONT');
  });

  test('before the run: the other two make the copies in seconds', async () => {
    const cid = await kubo.addContent(randomBytes(200));
    const [, , last] = kubo.nodes;
    stop(last);
    const began = performance.now();
    const { outcome } = await pin([request(cid)], target(), {
      owner,
      deadlineMs: 100_000,
      shortage: 'degrade',
    });
    expect(outcome).toBe('satisfied');
    expect(performance.now() - began).toBeLessThan(40_000);
  });

  test('while it pins: that pin ends in seconds, not with its time', async () => {
    const [first] = kubo.nodes;
    const alone = new KuboTarget({ endpoints: [first.api] });
    const call = alone.pin(noContent, wanted({ min: 1, max: 1 }));
    const refused = expect(call).rejects.toMatchObject({ code: 'timeout' });
    await vi.waitFor(async () =>
      expect((await stateOf(alone, noContent)).peers.map(({ state }) => state)).toEqual(['pinning']),
    );
    const began = performance.now();
    stop(first);
    await refused;
    expect(performance.now() - began).toBeLessThan(60_000);
  });
});
