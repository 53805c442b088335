import fc from 'fast-check';
import { expect, it } from 'vitest';
import { pinStatus } from '../src/heal/status.ts';
import { planPins } from '../src/plan/plan.ts';
import { isChange } from '../src/plan/step.ts';
import { writeClaims } from '../src/target/claim-metadata.ts';
import type { PeerState, PinState } from '../src/target/pin-state.ts';
import type { PinTarget, TargetInfo } from '../src/target/target.ts';
import { copies, owner, request } from './requests.ts';

const now = Date.parse('2026-06-01T00:00:00Z');
const past = '2026-01-01T00:00:00Z';
const future = '2027-01-01T00:00:00Z';
const peerStates: readonly PeerState[] = [
  'pinned',
  'pinning',
  'queued',
  'error',
  'down',
  'absent',
  'unpinning',
];

const world = fc.record({
  peers: fc.array(
    fc.record({
      state: fc.constantFrom(...peerStates),
      up: fc.boolean(),
      region: fc.constantFrom(undefined, 'eu', 'us'),
      asked: fc.boolean(),
    }),
    { minLength: 1, maxLength: 5 },
  ),
  wanted: fc.constantFrom(copies(1, 1), copies(2, 3), copies(2, 2, 2), {
    ...copies(2, 3, 2),
    spread: 'always' as const,
  }),
  pinnedBy: fc.constantFrom('nobody' as const, 'us' as const, 'others' as const),
  expires: fc.constantFrom(undefined, past, future),
  numbers: fc.constantFrom<[number, number]>([1, 1], [2, 3], [-1, -1]),
});

it('plan and status call the same datasets degraded, in the same words', async () => {
  const seen = { degraded: 0, whole: 0, kept: 0 };
  await fc.assert(
    fc.asyncProperty(world, async ({ peers, wanted, pinnedBy, expires, numbers: [min = 1, max = 1] }) => {
      const ids = peers.map((_, index) => `peer-${index}`);
      const info: TargetInfo = {
        kind: 'cluster',
        peers: peers.map(({ up, region }, index) => ({
          id: ids[index] ?? '',
          up,
          ...(region && { region }),
        })),
      };
      const desired = [request('a', { copies: wanted, ...(expires && { expires }) })];
      const claim = { owner, id: 'a@1.0.0', ...wanted, ...(expires && { expires }) };
      const state: PinState = {
        cid: 'a',
        ...(pinnedBy !== 'nobody' && {
          pin: {
            name: 'a',
            min,
            max,
            origins: [],
            metadata: pinnedBy === 'us' ? writeClaims([claim]) : {},
            allocations: ids.filter((_, index) => peers[index]?.asked),
          },
        }),
        peers: peers.map(({ state, region }, index) => ({
          peer: ids[index] ?? '',
          state,
          ...(region && { region }),
        })),
      };
      const target: Pick<PinTarget, 'label' | 'inspect' | 'observe'> = {
        label: 'one state',
        inspect: async () => info,
        async *observe() {
          yield state;
        },
      };
      const [step] = planPins(desired, [state], { owner, info, at: new Date(now) }).steps;
      const status = await pinStatus(target as PinTarget, {
        requests: desired,
        clock: { now: () => now, sleep: async () => {} },
      });
      expect(step?.missing ?? '').toBe(status.items[0]?.missing);
      expect(step?.missing === undefined).toBe(status.healthy === 1);
      if (status.healthy === 1) seen.whole += 1;
      else seen.degraded += 1;
      if (step && !isChange(step) && step.missing !== undefined) seen.kept += 1;
    }),
    { numRuns: 1000 },
  );
  // Each kind was among them: what lacks copies and has nothing to be done about too.
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(20);
});
