import { describe, expect, it } from 'vitest';
import { delayBefore, retry } from '../src/back-off.ts';
import { pooled } from '../src/bounded-pool.ts';
import { systemClock } from '../src/clock.ts';
import { Deadline } from '../src/deadline.ts';
import { HttpError } from '../src/http-error.ts';
import { ManualClock } from './manual-clock.ts';

const backOff = { attempts: 4, firstMs: 100, longestMs: 300 };

describe('back-off', () => {
  it('doubles, leaves half to chance, and has a ceiling', () => {
    expect([1, 2, 3, 9].map((attempt) => delayBefore(attempt, backOff, () => 1))).toEqual([
      100, 200, 300, 300,
    ]);
    expect(delayBefore(2, backOff, () => 0)).toBe(100);
  });

  it('ends after the attempts allowed, with the last error', async () => {
    const clock = new ManualClock(0);
    let calls = 0;
    const call = async () => {
      calls += 1;
      throw new HttpError('unavailable', `no ${calls}`);
    };
    await expect(retry(call, { clock, random: () => 1, backOff })).rejects.toThrow('no 4');
    expect(clock.now()).toBe(100 + 200 + 300);
  });

  it('waits as long as it was asked to', async () => {
    const clock = new ManualClock(0);
    let calls = 0;
    const call = async () => {
      if (++calls === 1) throw new HttpError('unavailable', 'busy', { retryAfterMs: 9_000 });
      return 'done';
    };
    expect(await retry(call, { clock, random: () => 1, backOff })).toBe('done');
    expect(clock.now()).toBe(9_000);
  });
});

it('sleeps longer than a timer can', async () => {
  const stop = new AbortController();
  const sleep = systemClock.sleep(2 ** 31 + 1_000, stop.signal);
  const first = await Promise.race([sleep.then(() => 'woke'), systemClock.sleep(30).then(() => 'sleeps')]);
  expect(first).toBe('sleeps');
  stop.abort(new Error('enough'));
  await expect(sleep).rejects.toThrow('enough');
});

describe('a deadline', () => {
  it('knows whether time ran out or the caller stopped', async () => {
    using passed = new Deadline(systemClock, 5, undefined);
    await expect(systemClock.sleep(1_000, passed.signal)).rejects.toThrow('not done within 5 ms');
    expect([passed.passed, passed.cancelled]).toEqual([true, false]);
    const stop = new AbortController();
    using cancelled = new Deadline(systemClock, 1_000, stop.signal);
    stop.abort();
    expect([cancelled.passed, cancelled.cancelled, cancelled.signal.aborted]).toEqual([false, true, true]);
  });
});

describe('a pool', () => {
  it('runs at most so many at once, and starts none after an error', async () => {
    let running = 0;
    let most = 0;
    let done = 0;
    const work = async (item: number) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      if (item === 10) throw new Error('ten');
      done += 1;
    };
    await expect(
      pooled(
        Array.from({ length: 100 }, (_, index) => index),
        4,
        work,
      ),
    ).rejects.toThrow('ten');
    expect(most).toBe(4);
    expect(done).toBeLessThan(16);
  });
});
