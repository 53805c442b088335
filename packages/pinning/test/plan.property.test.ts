import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ManualClock } from '../../http/test/manual-clock.ts';
import { applyPlan } from '../src/apply/apply.ts';
import type { PinRequest } from '../src/desired/request.ts';
import { planPins } from '../src/plan/plan.ts';
import type { Plan, Step } from '../src/plan/step.ts';
import { isChange } from '../src/plan/step.ts';
import { ownerKey, readClaims } from '../src/target/claim-metadata.ts';
import { MemoryTarget } from './memory-target.ts';

/** In the loop a few have to do. */
const numRuns = process.env.HOLDFAST_LOOP ? 75 : 300;

const cids = ['cid-a', 'cid-b', 'cid-c', 'cid-d'];
const mine = 'github.com/tides/data';
const theirs = 'github.com/other/data';

const number = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 }))
  .map(([min, more, regions]) => ({ min, max: min + more, regions: Math.min(regions, min + more) }));

const request = (owner: string) =>
  fc
    .record({
      cid: fc.constantFrom(...cids),
      id: fc.constantFrom('x@1.0.0', 'y@1.0.0', 'z@2.0.0'),
      copies: fc
        .tuple(number, fc.constantFrom('always' as const, 'where-tagged' as const))
        .map(([numbers, spread]) => ({ ...numbers, spread })),
      expires: fc.constantFrom(undefined, '2027-01-01T00:00:00Z', '2028-01-01T00:00:00Z'),
      name: fc.constantFrom('one', 'two'),
    })
    .map(
      ({ expires, ...rest }): PinRequest => ({ owner, ...rest, ...(expires !== undefined && { expires }) }),
    );

const combined = (owner: string) =>
  fc.uniqueArray(request(owner), { maxLength: 6, selector: ({ cid, id }) => `${cid} ${id}` });

const cluster = fc.array(
  fc.record({ region: fc.constantFrom(undefined, 'eu', 'us', 'ap'), up: fc.boolean() }),
  {
    minLength: 1,
    maxLength: 8,
  },
);

const foreignPins = fc.uniqueArray(
  fc.record({
    cid: fc.constantFrom(...cids),
    numbers: number,
    everywhere: fc.boolean(),
    name: fc.constant('by hand'),
  }),
  { maxLength: 2, selector: ({ cid }) => cid },
);

const world = fc.record({
  cluster,
  foreignPins,
  before: combined(mine),
  other: combined(theirs),
  after: combined(mine),
});
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

const clock = () => new ManualClock();

async function run(
  target: MemoryTarget,
  desired: readonly PinRequest[],
  owner: string,
  rules: Partial<Parameters<typeof planPins>[2]> = {},
) {
  const time = clock();
  const states = [];
  for (const cid of cids) states.push(target.state(cid));
  const plan = planPins(desired, states, { owner, info: target.info(), at: new Date(time.now()), ...rules });
  const report = await applyPlan(JSON.parse(JSON.stringify(plan)) as Plan, target, {
    clock: time,
    random: () => 0.5,
    shortage: 'degrade',
    deadlineMs: 60_000,
  });
  return { plan, report };
}

async function build({ cluster, foreignPins, before, other }: World): Promise<MemoryTarget> {
  const target = new MemoryTarget(
    cluster.map(({ region, up }, index) => ({
      id: `peer-${index}`,
      up: up || index === 0,
      ...(region !== undefined && { region }),
    })),
  );
  for (const { cid, numbers, everywhere, name } of foreignPins) {
    const { min, max } = everywhere ? { min: -1, max: -1 } : numbers;
    await target.pin(cid, { name, min, max, origins: [], metadata: { by: 'hand' } }).catch(() => {});
  }
  target.settle();
  await run(target, other, theirs);
  target.settle();
  await run(target, before, mine);
  target.settle();
  return target;
}

/** What was wanted before and is no more was taken out on purpose. */
function withdrawnBy({ before, after }: World): { withdrawn: string[] } {
  const kept = new Set(after.map(({ id }) => id));
  return { withdrawn: before.map(({ id }) => id).filter((id) => !kept.has(id)) };
}

it('leaves nothing to do: the plan after an apply is all quiet', async () => {
  await fc.assert(
    fc.asyncProperty(world, async (world) => {
      const target = await build(world);
      await run(target, world.after, mine, withdrawnBy(world));
      target.settle();
      // What had to wait until copies existed is done by the next run at the latest.
      await run(target, world.after, mine, withdrawnBy(world));
      target.settle();
      const { plan } = await run(target, world.after, mine, withdrawnBy(world));
      expect(plan.steps.filter(isChange).map(({ kind, reason }) => `${kind}: ${reason}`)).toEqual([]);
    }),
    { numRuns },
  );
});

it('never lowers, removes or renames a pin of others, and never changes one without claims', async () => {
  await fc.assert(
    fc.asyncProperty(world, async (world) => {
      const target = await build({ ...world, before: [] });
      const pinsBefore = new Map(target.pins);
      await run(target, world.after, mine);
      for (const [cid, pin] of pinsBefore) {
        const now = target.pins.get(cid);
        expect(now?.name).toBe(pin.name);
        expect(now?.metadata.by).toBe(pin.metadata.by);
        if (pin.max === -1) expect(now?.max).toBe(-1);
        else expect(now?.max === -1 ? 99 : now?.max).toBeGreaterThanOrEqual(pin.max);
        expect(now?.allocations).toEqual(
          expect.arrayContaining(
            pin.allocations.filter((id) => target.peers.some((peer) => peer.up && peer.id === id)),
          ),
        );
        if (pin.metadata[ownerKey] === undefined) expect(now).toEqual(pin);
        const others = (which: typeof pin) => readClaims(which).filter(({ owner }) => owner !== mine);
        if (now !== undefined) expect(others(now)).toEqual(others(pin));
      }
    }),
    { numRuns },
  );
});

it('plans sound steps: a reason each, no wanted CID removed, the least never above the most', async () => {
  await fc.assert(
    fc.asyncProperty(world, async (world) => {
      const target = await build(world);
      const states = cids.map((cid) => target.state(cid));
      const context = {
        owner: mine,
        info: target.info(),
        at: new Date(clock().now()),
        ...withdrawnBy(world),
      };
      const plan = planPins(world.after, states, context);
      const wanted = new Set(world.after.map(({ cid }) => cid));
      expect(new Set(plan.steps.map(({ cid }) => cid)).size).toBe(plan.steps.length);
      for (const step of plan.steps) checkStep(step, wanted);
      // Pure: the same input, the same plan.
      expect(planPins(world.after, states, context)).toEqual(plan);
    }),
    { numRuns },
  );
});

function checkStep(step: Step, wanted: ReadonlySet<string>): void {
  expect(step.reason).not.toBe('');
  if (wanted.has(step.cid)) expect(['unpin', 'release']).not.toContain(step.kind);
  for (const pin of step.writes) {
    if (pin.max !== -1) expect(pin.min).toBeGreaterThan(0);
    expect(pin.min).toBeLessThanOrEqual(pin.max);
  }
  if (!isChange(step)) expect(step.writes).toEqual([]);
}
