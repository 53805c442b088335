import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../http/test/manual-clock.ts';
import { applyPlan } from '../src/apply/apply.ts';
import type { ApplyReport } from '../src/apply/apply-report.ts';
import type { PinRequest } from '../src/desired/request.ts';
import { observeFor } from '../src/observed/observation.ts';
import { planPins } from '../src/plan/plan.ts';
import { readClaims } from '../src/target/claim-metadata.ts';
import type { PinTarget } from '../src/target/target.ts';
import { TargetGroup } from '../src/targets/group/target-group.ts';
import { MemoryTarget } from './memory-target.ts';
import { copies, peers } from './requests.ts';
import { numberedCid, statesOf } from './targets/compliance.ts';

const owners = ['github.com/a/tides', 'github.com/b/maps'] as const;
const byHand = numberedCid(0);
const shared = [1, 2, 3].map(numberedCid);

const request = fc.record({
  cid: fc.constantFrom(byHand, ...shared),
  id: fc.constantFrom('x', 'y'),
  min: fc.integer({ min: 1, max: 3 }),
  more: fc.integer({ min: 0, max: 2 }),
});

/** A run of one of the owners, which may be killed before one of its writes, while one of the peers may be away. */
const act = fc.record({
  owner: fc.constantFrom(...owners),
  combined: fc.uniqueArray(request, { maxLength: 5, selector: ({ cid, id }) => `${cid} ${id}` }),
  killedBefore: fc.option(fc.integer({ min: 0, max: 6 }), { nil: Number.POSITIVE_INFINITY }),
  away: fc.option(fc.integer({ min: 0, max: 5 }), { nil: -1 }),
});
const history = fc.array(fc.tuple(act, act), { minLength: 1, maxLength: 4 });
const pauses = fc.infiniteStream(fc.integer({ min: 0, max: 3 }));

class Killed extends Error {}

/** Two repositories and an operator share a cluster. */
class World {
  readonly clusters: readonly MemoryTarget[];
  readonly desired = new Map<string, readonly PinRequest[]>();
  readonly #clock = new ManualClock();
  readonly #ids = new Map<string, Set<string>>(owners.map((owner) => [owner, new Set()]));
  readonly #pauses: Iterator<number>;

  constructor(clusters: readonly MemoryTarget[], pauses: Iterator<number>) {
    this.clusters = clusters;
    this.#pauses = pauses;
  }

  /** As a new process has it: the one cluster, or all of them as a group. */
  target(wrapped: (cluster: MemoryTarget) => PinTarget = (cluster) => cluster): PinTarget {
    const [only, ...more] = this.clusters;
    if (only !== undefined && more.length === 0) return wrapped(only);
    const members = this.clusters.map((each, index) => ({ name: `t${index}`, target: wrapped(each) }));
    return new TargetGroup({ members, clock: this.#clock });
  }

  settle(): void {
    for (const cluster of this.clusters) cluster.settle();
  }

  want({
    owner,
    combined,
  }: {
    owner: string;
    combined: readonly { cid: string; id: string; min: number; more: number }[];
  }) {
    const requests = combined.map(({ cid, id, min, more }) => ({
      cid,
      id: `${id}-${cid}`,
      owner,
      name: `${owner} ${id}`,
      copies: copies(min, min + more),
      metadata: { digest: owner },
    }));
    this.desired.set(owner, requests);
    for (const { id } of requests) this.#ids.get(owner)?.add(id);
  }

  async run(owner: string, target: PinTarget = this.target()): Promise<ApplyReport> {
    const desired = this.desired.get(owner) ?? [];
    const withdrawn = [...(this.#ids.get(owner) ?? [])].filter(
      (id) => !desired.some((each) => each.id === id),
    );
    const info = await target.inspect();
    const observed = await observeFor(desired, target, { owner, everything: true });
    const plan = planPins(desired, observed, { owner, info, at: new Date(this.#clock.now()), withdrawn });
    const options = {
      clock: this.#clock,
      random: () => 0.5,
      shortage: 'degrade',
      deadlineMs: 60_000,
    } as const;
    return applyPlan(plan, target, options);
  }

  /** The target as a process sees it that is slower or faster than others, and dies before one of its writes. */
  processUntil(killedBefore: number): PinTarget {
    let left = killedBefore;
    const turn = async (write = false) => {
      for (let pause = this.#pause(); pause > 0; pause -= 1) await this.#clock.sleep(this.#pause());
      if (left <= 0 || (write && left-- <= 1)) throw new Killed();
    };
    return this.target((cluster) => ({
      label: cluster.label,
      inspect: (options) => turn().then(() => cluster.inspect(options)),
      async *observe(cids, options) {
        await turn();
        yield* cluster.observe(cids, options);
      },
      pin: (cid, pin, options) => turn(true).then(() => cluster.pin(cid, pin, options)),
      unpin: (cid, options) => turn(true).then(() => cluster.unpin(cid, options)),
      recover: (cid, options) => turn(true).then(() => cluster.recover(cid, options)),
    }));
  }

  #pause(): number {
    return this.#pauses.next().value ?? 0;
  }
}

const worlds = {
  'one cluster': () => [new MemoryTarget(peers(6, ['eu', 'us', 'ap']))],
  'three clusters as a group': () => ['eu', 'us', 'ap'].map((region) => new MemoryTarget(peers(2, [region]))),
};

describe.each(Object.entries(worlds))('over %s', (_, clusters) => {
  it('whoever runs, beside whom, and dies when: the scheduled runs come to what both want, and the operator’s pin is as it was', async () => {
    await fc.assert(
      fc.asyncProperty(history, pauses, async (rounds, pauses) => {
        const world = new World(clusters(), pauses);
        const [first] = world.clusters;
        const all = world.clusters.flatMap((cluster) => cluster.peers);
        await first?.pin(byHand, { name: 'by hand', min: 2, max: 2, origins: [], metadata: { by: 'hand' } });
        world.settle();
        const before = first?.pins.get(byHand);
        for (const pair of rounds) {
          for (const each of pair) world.want(each);
          for (const [index, peer] of all.entries()) peer.up = pair.every(({ away }) => away !== index);
          const runs = pair.map(({ owner, killedBefore }) =>
            world.run(owner, world.processUntil(killedBefore + 1)),
          );
          for (const run of await Promise.allSettled(runs))
            if (run.status === 'rejected' && !(run.reason instanceof Killed)) throw run.reason;
          world.settle();
          expect(first?.pins.get(byHand)).toEqual(before);
        }
        for (const peer of all) peer.up = true;
        for (const owner of [...owners, ...owners, ...owners]) {
          await world.run(owner);
          world.settle();
        }
        for (const owner of owners) {
          const plain = (await world.run(owner)).results.filter(({ cid }) => cid !== byHand);
          expect(plain.map(({ step, outcome }) => `${step} ${outcome}`)).toEqual(
            plain.map(() => 'keep satisfied'),
          );
        }
        expect(first?.pins.get(byHand)).toEqual(before);
        const desired = owners.flatMap((owner) => world.desired.get(owner) ?? []);
        for (const cid of shared) {
          const [state] = await statesOf(world.target().observe([cid]));
          const claims = state?.pin === undefined ? [] : readClaims(state.pin);
          const wanted = desired.filter((each) => each.cid === cid);
          const terms = (each: { owner: string; id: string }, { min, max }: { min: number; max: number }) =>
            `${each.owner} ${each.id} ${min}/${max}`;
          expect(claims.map((claim) => terms(claim, claim)).sort()).toEqual(
            wanted.map((each) => terms(each, each.copies)).sort(),
          );
          const copies = state?.peers.filter((copy) => copy.state === 'pinned').length ?? 0;
          // A cluster keeps the copy of a peer that was away when fewer were asked for.
          if (world.clusters.length > 1)
            expect(copies).toBeLessThanOrEqual(Math.max(0, ...wanted.map((each) => each.copies.max)));
          expect(copies).toBeGreaterThanOrEqual(Math.max(0, ...wanted.map((each) => each.copies.min)));
        }
      }),
      { numRuns: 150 },
    );
  });
});
