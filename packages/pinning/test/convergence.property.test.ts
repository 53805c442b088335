import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ManualClock } from '../../http/test/manual-clock.ts';
import { applyPlan } from '../src/apply/apply.ts';
import type { ApplyReport } from '../src/apply/apply-report.ts';
import type { PinRequest } from '../src/desired/request.ts';
import { observeFor } from '../src/observed/observation.ts';
import { planPins } from '../src/plan/plan.ts';
import { readClaims } from '../src/target/claim-metadata.ts';
import type { PinTarget } from '../src/target/target.ts';
import { MemoryTarget } from './memory-target.ts';
import { copies, peers } from './requests.ts';

const owners = ['github.com/a/tides', 'github.com/b/maps'] as const;
const [byHand, ...shared] = ['cid-by-hand', 'cid-1', 'cid-2', 'cid-3'] as const;

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
  readonly target = new MemoryTarget(peers(6, ['eu', 'us', 'ap']));
  readonly desired = new Map<string, readonly PinRequest[]>();
  readonly #clock = new ManualClock();
  readonly #ids = new Map<string, Set<string>>(owners.map((owner) => [owner, new Set()]));
  readonly #pauses: Iterator<number>;

  constructor(pauses: Iterator<number>) {
    this.#pauses = pauses;
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

  async run(owner: string, target: PinTarget = this.target): Promise<ApplyReport> {
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
    const { target } = this;
    let left = killedBefore;
    const turn = async (write = false) => {
      for (let pause = this.#pause(); pause > 0; pause -= 1) await this.#clock.sleep(this.#pause());
      if (left <= 0 || (write && left-- <= 1)) throw new Killed();
    };
    return {
      label: target.label,
      inspect: (options) => turn().then(() => target.inspect(options)),
      async *observe(cids, options) {
        await turn();
        yield* target.observe(cids, options);
      },
      pin: (cid, pin, options) => turn(true).then(() => target.pin(cid, pin, options)),
      unpin: (cid, options) => turn(true).then(() => target.unpin(cid, options)),
      recover: (cid, options) => turn(true).then(() => target.recover(cid, options)),
    };
  }

  #pause(): number {
    return this.#pauses.next().value ?? 0;
  }
}

it('whoever runs, beside whom, and dies when: the scheduled runs come to what both want, and the operator’s pin is as it was', async () => {
  await fc.assert(
    fc.asyncProperty(history, pauses, async (rounds, pauses) => {
      const world = new World(pauses);
      const { target } = world;
      await target.pin(byHand, { name: 'by hand', min: 2, max: 2, origins: [], metadata: { by: 'hand' } });
      target.settle();
      const before = target.pins.get(byHand);
      for (const pair of rounds) {
        for (const each of pair) world.want(each);
        for (const [index, peer] of target.peers.entries())
          peer.up = pair.every(({ away }) => away !== index);
        const runs = pair.map(({ owner, killedBefore }) =>
          world.run(owner, world.processUntil(killedBefore + 1)),
        );
        for (const run of await Promise.allSettled(runs))
          if (run.status === 'rejected' && !(run.reason instanceof Killed)) throw run.reason;
        target.settle();
        expect(target.pins.get(byHand)).toEqual(before);
      }
      for (const peer of target.peers) peer.up = true;
      for (const owner of [...owners, ...owners, ...owners]) {
        await world.run(owner);
        target.settle();
      }
      for (const owner of owners) {
        const plain = (await world.run(owner)).results.filter(({ cid }) => cid !== byHand);
        expect(plain.map(({ step, outcome }) => `${step} ${outcome}`)).toEqual(
          plain.map(() => 'keep satisfied'),
        );
      }
      expect(target.pins.get(byHand)).toEqual(before);
      const all = owners.flatMap((owner) => world.desired.get(owner) ?? []);
      for (const cid of shared) {
        const pin = target.pins.get(cid);
        const claims = pin === undefined ? [] : readClaims(pin);
        const wanted = all.filter((each) => each.cid === cid);
        const terms = (each: { owner: string; id: string }, { min, max }: { min: number; max: number }) =>
          `${each.owner} ${each.id} ${min}/${max}`;
        expect(claims.map((claim) => terms(claim, claim)).sort()).toEqual(
          wanted.map((each) => terms(each, each.copies)).sort(),
        );
      }
    }),
    { numRuns: 150 },
  );
});
