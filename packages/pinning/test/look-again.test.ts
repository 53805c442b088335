import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../http/test/manual-clock.ts';
import { applyPlan } from '../src/apply/apply.ts';
import { lookAgain } from '../src/apply/look-again.ts';
import { planPins } from '../src/plan/plan.ts';
import { MemoryTarget } from './memory-target.ts';
import { copies, owner, peers, request } from './requests.ts';

const wanted = (expires?: string) => [
  request('early', { copies: copies(2, 2), ...(expires !== undefined && { expires }) }),
  request('late', { copies: copies(2, 2) }),
];

async function runOf(target: MemoryTarget, clock: ManualClock, desired = wanted(), deadlineMs?: number) {
  const states = desired.map(({ cid }) => target.state(cid));
  const plan = planPins(desired, states, { owner, info: target.info(), at: new Date(clock.now()) });
  const report = await applyPlan(plan, target, {
    clock,
    random: () => 0.5,
    ...(deadlineMs !== undefined && { deadlineMs }),
  });
  return { plan, report };
}

/** The late one needs many looks; the early one loses its copies meanwhile. */
function losing(when = 20): MemoryTarget {
  const target = new MemoryTarget(peers(2));
  let polls = 0;
  target.progress = (cid) => (cid === 'late' ? 40 : 0);
  target.before = (call) => {
    if (call !== 'poll') return;
    polls += 1;
    if (polls === when) target.lost.add('early');
  };
  return target;
}

describe('a dataset that settled early', () => {
  it('is looked at once more before the report', async () => {
    const { report } = await runOf(losing(), new ManualClock());
    expect(report.results.map(({ cid, outcome }) => [cid, outcome])).toEqual([
      ['early', 'failed'],
      ['late', 'satisfied'],
    ]);
    expect(report.outcome).toBe('failed');
  });

  it('is looked at once more where the time ends the run', async () => {
    const target = losing();
    target.progress = (cid) => (cid === 'late' ? 1_000_000 : 0);
    const { report } = await runOf(target, new ManualClock(), wanted(), 120_000);
    expect(report.ended).toBe('deadline');
    expect(report.results[0]).toMatchObject({ cid: 'early', outcome: 'failed' });
  });

  it('has ended where its end passed during the run', async () => {
    const clock = new ManualClock();
    const target = losing(1_000);
    target.progress = (cid) => (cid === 'late' ? 40 : 0);
    const { report } = await runOf(target, clock, wanted(new Date(clock.now() + 2_000).toISOString()));
    expect(report.results[0]).toMatchObject({
      outcome: 'satisfied',
      reason: 'its end passed during the run',
    });
    expect(report.results[0]?.coverage).toBeUndefined();
  });

  it('is looked at for a caller that did something else after the run', async () => {
    const clock = new ManualClock();
    const target = new MemoryTarget(peers(2));
    const { plan, report } = await runOf(target, clock);
    expect(report.outcome).toBe('satisfied');
    expect(await lookAgain(report, plan, target, { clock })).toMatchObject({
      outcome: 'satisfied',
      satisfied: 2,
    });
    target.lost.add('early');
    const again = await lookAgain(report, plan, target, { clock });
    expect(again).toMatchObject({ outcome: 'failed', satisfied: 1, failed: 1 });
    expect(again.results[0]?.reason).toMatch(/^it had its copies and lost some: 0 of 2 copies/);
  });
});
