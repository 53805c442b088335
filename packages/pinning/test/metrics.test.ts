import { expect, it } from 'vitest';
import { ManualClock } from '../../http/test/manual-clock.ts';
import { heal } from '../src/heal/heal.ts';
import { pinStatus } from '../src/heal/status.ts';
import { PinningMetrics } from '../src/progress/metrics.ts';
import { MemoryTarget } from './memory-target.ts';
import { owner, peers, request } from './requests.ts';

const line = /^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+\{([a-z]+="(\\.|[^"\\\n])*",?)*\} -?[0-9.e+-]+)$/;

it('shows events in the text format of Prometheus', async () => {
  const target = new MemoryTarget(peers(3).map((peer) => ({ ...peer, freeSpace: 1_000 })));
  target.progress = (cid) => (cid === 'b' ? { error: 'not found' } : 1);
  const metrics = new PinningMetrics();
  const clock = new ManualClock();
  const wanted = [request('a', { totalSize: 100 }), request('b')];
  await heal(wanted, target, {
    owner,
    clock,
    random: () => 0.5,
    deadlineMs: 30_000,
    onProgress: metrics.observe,
  });
  await pinStatus(target, { onProgress: metrics.observe, clock });
  const text = metrics.render();
  for (const each of text.trimEnd().split('\n')) expect(each).toMatch(line);
  expect(text.endsWith('\n')).toBe(true);
  expect(text).toContain('# TYPE holdfast_steps_total counter');
  expect(text).toContain('holdfast_steps_total{target="memory",step="pin",result="submitted"} 2');
  expect(text).toContain('holdfast_applied_cids{target="memory",outcome="satisfied"} 1');
  expect(text).toContain('holdfast_applied_cids{target="memory",outcome="failed"} 1');
  expect(text).toContain('holdfast_peers{target="memory",state="up"} 3');
  expect(text).toContain('holdfast_free_bytes{target="memory"} 3000');
  expect(text).toContain('holdfast_planned_bytes{target="memory"} 300');
  expect(text).toContain('holdfast_ready_seconds_bucket{target="memory",le="+Inf"} 1');
  expect(text).toContain('holdfast_ready_seconds_count{target="memory"} 1');
  expect(text).toContain('holdfast_status_cids{target="memory",health="unhealthy"} 1');
});

it('escapes what a label may not hold', () => {
  const metrics = new PinningMetrics();
  metrics.observe({ at: 0, target: 'a"b\\c\nd', type: 'planned', steps: {}, adds: 0, bytes: 7 });
  expect(metrics.render()).toContain('holdfast_planned_bytes{target="a\\"b\\\\c\\nd"} 7');
  expect(new PinningMetrics().render()).toBe('');
});
