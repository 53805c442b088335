import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../http/test/manual-clock.ts';
import { heal } from '../src/heal/heal.ts';
import { rollBack } from '../src/rollout/roll-back.ts';
import { rollOut } from '../src/rollout/roll-out.ts';
import type { RolloutOptions } from '../src/rollout/rollout-options.ts';
import type { PhaseCheck } from '../src/rollout/rollout-report.ts';
import { rolloutState } from '../src/rollout/rollout-state.ts';
import { readClaims } from '../src/target/claim-metadata.ts';
import { PinningError } from '../src/target/pinning-error.ts';
import type { PinTarget } from '../src/target/target.ts';
import { TargetGroup } from '../src/targets/group/target-group.ts';
import { MemoryTarget } from './memory-target.ts';
import { copies, owner, peers, request } from './requests.ts';
import { numberedCid } from './targets/compliance.ts';

const names = ['lab', 'eu', 'us'] as const;
const phases = names.map((name) => ({ name, places: [name] }));
const clock = new ManualClock();
const running = { owner, clock, random: () => 0.5, deadlineMs: 3_600_000, phases };
const cid = numberedCid(1);
const before = numberedCid(2);
const next = request(cid, { id: 'tides@2.0.0', copies: copies(3, 5, 2) });
const old = request(before, { id: 'tides@1.0.0', copies: copies(3, 5, 2) });

/** A lab with one peer and two clusters, each in a region of its own. */
class World {
  readonly lab = new MemoryTarget(peers(1));
  readonly eu = new MemoryTarget(peers(3));
  readonly us = new MemoryTarget(peers(3));

  group(wrapped: (target: MemoryTarget) => PinTarget = (target) => target): TargetGroup {
    const members = names.map((name) => ({ name, target: wrapped(this[name]), region: `region-${name}` }));
    return new TargetGroup({ members, clock });
  }

  rollOut(more: Partial<RolloutOptions> = {}, requests = [next]) {
    return rollOut(requests, this.group(), { ...running, ...more });
  }

  shares(of = cid): number[] {
    return names.map((name) => this[name].pins.get(of)?.allocations.length ?? 0);
  }

  /** What stands in the pins, without the copies. */
  claims(of = cid): string[] {
    return names.flatMap((name) => {
      const pin = this[name].pins.get(of);
      return pin === undefined
        ? []
        : readClaims(pin).map(({ id, phase }) => `${id}${phase ? ` ${phase}` : ''}`);
    });
  }
}

const failing = (phase: string) => async (open: { name: string }, cids: readonly string[]) => {
  const checks: PhaseCheck[] = [
    { check: 'gateways', ok: open.name !== phase, text: `the gateway of ${open.name} gave other bytes` },
  ];
  return new Map(cids.map((each) => [each, checks]));
};

describe('a rollout', () => {
  it('makes the copies of a phase, has them looked at, and goes on', async () => {
    const world = new World();
    const seen: unknown[] = [];
    const report = await world.rollOut({
      async verify({ name, peers: turn }, cids) {
        seen.push([name, turn.map(({ place }) => place), world.shares(), world.claims().at(0)]);
        return new Map(cids.map((each) => [each, []]));
      },
    });
    expect(seen).toEqual([
      ['lab', ['lab'], [1, 0, 0], 'tides@2.0.0 lab'],
      ['eu', ['eu', 'eu', 'eu'], [1, 2, 0], 'tides@2.0.0 eu'],
      ['us', ['us', 'us', 'us'], [1, 2, 2], 'tides@2.0.0 us'],
    ]);
    expect(report.outcome).toBe('done');
    expect(report.phases).toMatchObject(
      phases.map(({ name }) => ({ phase: name, places: [name], state: 'done', passed: 1 })),
    );
    expect(report.datasets[0]?.reason).toBe(
      '3 to 5 copies: 5 copies of at least 3 in region-eu, region-lab, region-us',
    );
    expect(new Set(world.claims())).toEqual(new Set(['tides@2.0.0']));
    // What is rolled out is a pin as any other: nothing is left to do.
    const { plan } = await heal([next], world.group(), { ...running });
    expect(plan.steps.map(({ kind }) => kind)).toEqual(['keep']);
  });

  it.each(names)('that fails in the phase %s is taken back, and nothing else', async (phase) => {
    const world = new World();
    await heal([old], world.group(), running);
    const byHand = { name: 'by hand', min: 2, max: 3, origins: [], metadata: {} };
    await world.us.pin(numberedCid(3), byHand);
    const kept = [world.shares(before), world.us.pins.get(numberedCid(3))];
    const report = await world.rollOut({ verify: failing(phase) });
    expect(report.outcome).toBe('rolled-back');
    expect(report.datasets[0]).toMatchObject({
      phase,
      reason: `phase ${phase} failed: the gateway of ${phase} gave other bytes; taken back: nothing of it is asked for any more`,
    });
    expect(world.shares()).toEqual([0, 0, 0]);
    expect([world.shares(before), world.us.pins.get(numberedCid(3))]).toEqual(kept);
    expect(report.phases.map(({ state }) => state)).toEqual(
      names.map((name) =>
        name === phase ? 'rolled-back' : names.indexOf(name) < names.indexOf(phase) ? 'done' : 'waiting',
      ),
    );
  });

  it('lets the others go on where one fails', async () => {
    const world = new World();
    const all = [1, 2, 3].map((number) => request(numberedCid(number), { copies: copies(3, 3) }));
    const verify: RolloutOptions['verify'] = async ({ name }, cids) =>
      new Map(
        cids.map((each) => [
          each,
          [{ check: 'speed', ok: name !== 'eu' || each !== numberedCid(2), text: 'p95 of 9,000 ms' }],
        ]),
      );
    const { datasets, phases: seen } = await world.rollOut({ verify }, all);
    expect(datasets.map(({ outcome }) => outcome)).toEqual(['done', 'rolled-back', 'done']);
    expect(seen.map(({ passed, failed }) => [passed, failed])).toEqual([
      [3, 0],
      [2, 1],
      [2, 0],
    ]);
    expect(world.shares(numberedCid(2))).toEqual([0, 0, 0]);
  });

  it('takes back together what belongs together', async () => {
    const world = new World();
    const list = request(numberedCid(4), {
      id: 'tides@2.0.0#list',
      name: 'the list of tides',
      copies: copies(3, 3),
    });
    const verify: RolloutOptions['verify'] = async ({ name }, cids) =>
      new Map(
        cids.map((each) => [
          each,
          [{ check: 'gateways', ok: name !== 'us' || each !== list.cid, text: 'not served' }],
        ]),
      );
    const together = (id: string) => id.replace('#list', '');
    const { datasets } = await world.rollOut({ verify, together }, [next, list]);
    expect(datasets.map(({ outcome, reason }) => `${outcome}: ${reason}`)).toEqual([
      'rolled-back: the list of tides: phase us failed: not served; taken back: nothing of it is asked for any more',
      'rolled-back: phase us failed: not served; taken back: nothing of it is asked for any more',
    ]);
    expect([world.shares(), world.shares(list.cid)]).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
  });

  it('says what was lost since of what was rolled out before', async () => {
    const world = new World();
    await world.rollOut();
    for (const peer of [...world.eu.peers, ...world.us.peers]) peer.up = false;
    await clock.sleep(60_000);
    const { datasets } = await world.rollOut();
    expect(datasets[0]?.outcome).toBe('done');
    expect(datasets[0]?.reason).toContain('it was rolled out before, and lacks copies since: 1 of 3 copies');
    expect(datasets[0]?.coverage?.outcome).toBe('degraded');
  });

  it('stops where it is told to, and goes on from there', async () => {
    const world = new World();
    const paused = await world.rollOut({ until: 'lab' });
    expect(paused).toMatchObject({
      outcome: 'paused',
      phases: [{ state: 'done' }, { state: 'waiting' }, { state: 'waiting' }],
    });
    expect(world.shares()).toEqual([1, 0, 0]);
    const state = async () => (await rolloutState([next], world.group(), running)).datasets[0];
    expect(await state()).toMatchObject({
      standing: 'rolling',
      phase: 'lab',
      phases: [
        { phase: 'lab', wanted: 1, copies: 1, regions: ['region-lab'] },
        { phase: 'eu', wanted: 3, copies: 1 },
        { phase: 'us', wanted: 5, copies: 1 },
      ],
    });
    expect((await world.rollOut({ until: 'eu' })).outcome).toBe('paused');
    expect((await world.rollOut()).outcome).toBe('done');
    expect(world.shares()).toEqual([1, 2, 2]);
    expect(await state()).toMatchObject({ standing: 'whole' });
  });

  it('never takes back what was rolled out before', async () => {
    const world = new World();
    await world.rollOut();
    const again = await world.rollOut({ verify: failing('lab') });
    expect(again.datasets).toMatchObject([{ outcome: 'done', reason: 'it was rolled out before' }]);
    expect(world.shares()).toEqual([1, 2, 2]);
    expect(await rollBack(world.group(), running)).toEqual([]);
  });

  it('of content that another version has everywhere only adds and drops its claim', async () => {
    const world = new World();
    await heal([{ ...old, cid }], world.group(), running);
    const kept = world.shares();
    const failed = await world.rollOut({ verify: failing('us') });
    expect(failed.datasets[0]?.reason).toContain('its claim is gone; others still want it');
    expect([world.shares(), new Set(world.claims())]).toEqual([kept, new Set(['tides@1.0.0'])]);
    expect((await world.rollOut()).outcome).toBe('done');
    expect([world.shares(), new Set(world.claims())]).toEqual([
      kept,
      new Set(['tides@1.0.0', 'tides@2.0.0']),
    ]);
  });

  it('is held where nothing of the next phase can be asked, and goes on when it is back', async () => {
    const world = new World();
    for (const peer of world.eu.peers) peer.up = false;
    const held = await world.rollOut();
    expect(held.outcome).toBe('held');
    expect(held.datasets[0]?.reason).toBe('nothing of phase eu can be asked: no answer');
    expect(world.shares()).toEqual([1, 0, 0]);
    for (const peer of world.eu.peers) peer.up = true;
    await clock.sleep(60_000);
    expect((await world.rollOut()).outcome).toBe('done');
    expect(world.shares()).toEqual([1, 2, 2]);
  });

  it('goes nowhere else where a place of the phase refuses', async () => {
    const world = new World();
    const refusal = new PinningError('invalid', 'no more pins for you');
    world.eu.faults.push(...Array.from({ length: 50 }, () => ({ call: 'pin', error: refusal })));
    const report = await world.rollOut();
    expect(report.outcome).toBe('rolled-back');
    expect(report.datasets[0]?.reason).toContain('no more pins for you');
    expect(world.shares()).toEqual([0, 0, 0]);
  });

  it('gives up a phase whose content does not come, after the time of a phase', async () => {
    const world = new World();
    world.eu.progress = () => Number.POSITIVE_INFINITY;
    const report = await world.rollOut({ phaseMs: 60_000 });
    expect(report.outcome).toBe('rolled-back');
    expect(report.datasets[0]).toMatchObject({ phase: 'eu', checks: [{ check: 'copies', ok: false }] });
    expect(world.shares()).toEqual([0, 0, 0]);
  });

  it('leaves everything as it is where the time of the run is over', async () => {
    const world = new World();
    world.eu.progress = () => Number.POSITIVE_INFINITY;
    const report = await world.rollOut({ deadlineMs: 60_000 });
    expect(report.outcome).toBe('unfinished');
    expect(world.shares()).toEqual([1, 2, 0]);
  });

  it('says where what it asked for could not be taken back', async () => {
    const world = new World();
    const refusal = new PinningError('unauthorized', 'the token was withdrawn');
    const verify: RolloutOptions['verify'] = async (open, cids) => {
      world.lab.faults.push(...Array.from({ length: 50 }, () => ({ call: 'unpin', error: refusal })));
      return failing('eu')(open, cids);
    };
    const report = await world.rollOut({ verify });
    expect(report.outcome).toBe('unfinished');
    expect(report.datasets[0]?.reason).toContain('it could not be taken back: ');
    expect(report.datasets[0]?.reason).toContain('the token was withdrawn');
    world.lab.faults.splice(0);
    await clock.sleep(60_000);
    expect(await rollBack(world.group(), running)).toMatchObject([{ cid, ids: ['tides@2.0.0'], ok: true }]);
    expect(world.shares()).toEqual([0, 0, 0]);
  });

  it('makes a share of the copies first', async () => {
    const world = new World();
    const parts = [
      { name: 'some', percent: 20 },
      { name: 'half', percent: 50 },
    ];
    const seen: number[] = [];
    const verify: RolloutOptions['verify'] = async (_open, cids) => {
      seen.push(world.shares().reduce((sum, count) => sum + count, 0));
      return new Map(cids.map((each) => [each, []]));
    };
    const report = await world.rollOut({ phases: parts, verify });
    expect(seen).toEqual([1, 3, 5]);
    expect(report.phases.map(({ phase }) => phase)).toEqual(['some', 'half', 'rest']);
  });

  it('goes region by region over one cluster whose peers are tagged', async () => {
    const cluster = new MemoryTarget(peers(6, ['eu', 'us', 'ap']));
    const seen: unknown[] = [];
    const verify: RolloutOptions['verify'] = async ({ name }, cids) => {
      const asked = cluster.pins.get(cid)?.allocations ?? [];
      seen.push([name, ...new Set(asked.map((id) => cluster.peers.find((peer) => peer.id === id)?.region))]);
      return new Map(cids.map((each) => [each, []]));
    };
    const report = await rollOut([next], cluster, { ...running, phases: [], verify });
    expect(report.outcome).toBe('done');
    expect(seen).toEqual([
      ['eu', 'eu'],
      ['us', 'eu', 'us'],
      ['ap', 'eu', 'us', 'ap'],
    ]);
  });

  it('comes to the same end wherever it was killed', async () => {
    class Killed extends Error {}
    for (let killedBefore = 1; killedBefore < 20; killedBefore += 1) {
      for (const phase of ['', 'us']) {
        const world = new World();
        await heal([old], world.group(), running);
        let left = killedBefore;
        const turn = async () => {
          left -= 1;
          if (left <= 0) throw new Killed();
        };
        const dying = world.group((target) => ({
          label: target.label,
          inspect: (options) => target.inspect(options),
          observe: (cids, options) => target.observe(cids, options),
          pin: (each, pin, options) => turn().then(() => target.pin(each, pin, options)),
          unpin: (each, options) => turn().then(() => target.unpin(each, options)),
          recover: (each, options) => target.recover(each, options),
        }));
        const options = { ...running, verify: failing(phase) };
        await rollOut([next], dying, options).catch((error: unknown) => {
          if (!(error instanceof Killed)) throw error;
        });
        const report = await rollOut([next], world.group(), options);
        const isWhole = world.shares().join() === '1,2,2';
        // Killed after its last write, it is rolled out and stays.
        expect(report.outcome, `killed before write ${killedBefore}`).toBe(
          phase === '' ? 'done' : 'rolled-back',
        );
        expect(isWhole).toBe(phase === '');
        expect(world.claims().filter((claim) => claim.includes(' '))).toEqual([]);
        expect(world.shares(before)).toEqual([1, 2, 2]);
      }
    }
  });

  it.each([
    [
      'a name twice',
      { phases: [{ name: 'a' }, { name: 'a' }] },
      'phases expected each name once, got "a" twice',
    ],
    [
      'a name with a space',
      { phases: [{ name: 'a b' }] },
      'phases expected names without "/" and spaces, got "a b"',
    ],
    ['a phase that is not there', { until: 'ap' }, 'until expected one of lab, eu, us, got "ap"'],
  ])('refuses %s', async (_what, more, message) => {
    const world = new World();
    await expect(world.rollOut(more)).rejects.toThrow(message);
    expect(world.shares()).toEqual([0, 0, 0]);
  });
});
