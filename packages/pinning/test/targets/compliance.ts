import { base58btc } from 'multiformats/bases/base58';
import { CID } from 'multiformats/cid';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { PinState } from '../../src/target/pin-state.ts';
import type { ObserveOptions, PinTarget, WantedPin } from '../../src/target/target.ts';

/** A target with what it needs to show all of its behaviour. */
export interface Setting extends AsyncDisposable {
  readonly target: PinTarget;
  /** Makes content that the target can get hold of, new each time, and gives its CID. */
  content(): Promise<string>;
  /** The most copies the target can make. */
  readonly most: number;
}

export const noContent = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy';
const origin = '/ip4/127.0.0.1/tcp/9/p2p/12D3KooWFsXSXRosyLEnJ9UG4rNZpdhN1p1rEAaGFTSYvRS95v2b';

export function wanted(changes: Partial<WantedPin> = {}): WantedPin {
  return { name: 'tides@1.0.0', min: 1, max: 1, origins: [], metadata: {}, ...changes };
}

/** Ends a hang, and nothing that is merely slow. */
const atLast = { timeout: 240_000, interval: 100 };

/** What every target must do, whatever is behind it. */
export function compliance(name: string, open: () => Promise<Setting>): void {
  describe(`${name} keeps the promises of PinTarget`, () => {
    let setting: Setting;
    let target: PinTarget;
    beforeAll(async () => {
      setting = await open();
      target = setting.target;
    });
    afterAll(async () => setting[Symbol.asyncDispose]());

    /** The look that saw the copies: another one may see less for a moment. */
    const pinned = (cid: string, copies = 1) =>
      vi.waitFor(async () => {
        const state = await stateOf(target, cid);
        expect(copiesOf(state)).toBe(copies);
        return state;
      }, atLast);

    test('inspect shows peers that can take copies', async () => {
      const info = await target.inspect();
      expect(info.peers.filter((peer) => peer.up)).toHaveLength(setting.most);
      expect(new Set(info.peers.map((peer) => peer.id)).size).toBe(info.peers.length);
    });

    test('of a CID that nobody pinned there is a state without a pin and without copies', async () => {
      const state = await stateOf(target, noContent);
      expect(state.pin).toBeUndefined();
      expect(state.peers.every((peer) => peer.state === 'absent')).toBe(true);
    });

    test('a pin leads to the copies wanted, and is kept as it was asked for', async () => {
      const cid = await setting.content();
      const expires = new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+Z/, '.000Z');
      const pin = wanted({
        min: setting.most,
        max: setting.most,
        expires,
        origins: [origin],
        metadata: { 'holdfast-repo': 'github.com/a/b', note: 'ä & = % "quoted"' },
      });
      await target.pin(cid, pin);
      const state = await pinned(cid, setting.most);
      const { expires: ends, allocations, ...kept } = state.pin ?? wanted();
      const { expires: _, ...asked } = pin;
      expect(kept).toEqual(asked);
      expect(Date.parse(ends ?? '')).toBe(Date.parse(expires));
      expect(allocations).toBeDefined();
    });

    test('polling for copies sees the same copies', async () => {
      const cid = await setting.content();
      await target.pin(cid, wanted());
      await pinned(cid);
      const seen = ({ peers }: PinState) => peers.map(({ peer, state: it }) => [peer, it]).sort();
      // Between the two looks a peer may get on.
      await vi.waitFor(async () => {
        const state = await stateOf(target, cid);
        expect(seen(await stateOf(target, cid, { detail: 'copies' }))).toEqual(seen(state));
      }, atLast);
    });

    test('what was asked for is had alone', async () => {
      const cid = await setting.content();
      await target.pin(cid, wanted({ metadata: { a: 'b' } }));
      const { pin } = await pinned(cid);
      expect((await stateOf(target, cid, { detail: 'pin' })).pin).toEqual(pin);
      expect((await stateOf(target, noContent, { detail: 'pin' })).pin).toBeUndefined();
    });

    test('a pin made twice is one pin', async () => {
      const cid = await setting.content();
      await target.pin(cid, wanted());
      await pinned(cid);
      await target.pin(cid, wanted());
      const all = await statesOf(target.observe());
      expect(all.filter((state) => state.cid === cid)).toHaveLength(1);
      expect(copiesOf(await pinned(cid))).toBe(1);
    });

    test('two pins of one CID at the same time are one pin', async () => {
      const cid = await setting.content();
      await Promise.all([target.pin(cid, wanted()), target.pin(cid, wanted())]);
      await pinned(cid);
      const all = await statesOf(target.observe());
      expect(all.filter((state) => state.cid === cid)).toHaveLength(1);
    });

    test('a new pin of a CID replaces all that the old one said', async () => {
      const cid = await setting.content();
      const expires = new Date(Date.now() + 3_600_000).toISOString();
      await target.pin(cid, wanted({ expires, origins: [origin], metadata: { a: 'b' } }));
      await pinned(cid);
      await target.pin(cid, wanted({ name: 'tides@1.1.0', metadata: { c: 'd' } }));
      await vi.waitFor(
        async () => expect((await stateOf(target, cid)).pin?.name).toBe('tides@1.1.0'),
        atLast,
      );
      const { pin } = await pinned(cid);
      expect(pin).toMatchObject({ origins: [], metadata: { c: 'd' } });
      expect(pin?.metadata).toEqual({ c: 'd' });
      expect(pin?.expires).toBeUndefined();
    });

    test('each CID asked for comes back once, in the spelling it was asked in', async () => {
      const cids = await Promise.all([setting.content(), setting.content()]);
      for (const cid of cids) await target.pin(cid, wanted());
      const [first = '', second = ''] = cids;
      const spelled = CID.parse(first).toString(base58btc);
      const states = await statesOf(target.observe([spelled, second, noContent]));
      expect(states.map((state) => state.cid).sort()).toEqual([spelled, second, noContent].sort());
      expect(states.find((state) => state.cid === spelled)?.pin).toBeDefined();
    });

    test('of no CIDs there is no state', async () => {
      expect(await statesOf(target.observe([]))).toEqual([]);
    });

    test('many CIDs are observed at once', async () => {
      const cids = Array.from({ length: 120 }, (_, index) => numberedCid(index));
      const states = await statesOf(target.observe(cids));
      expect(new Set(states.map((state) => state.cid))).toEqual(new Set(cids));
    });

    test('what is unpinned is gone, and unpinning it again is fine', async () => {
      const cid = await setting.content();
      await target.pin(cid, wanted());
      await pinned(cid);
      await target.unpin(cid);
      await target.unpin(cid);
      await vi.waitFor(async () => {
        const state = await stateOf(target, cid);
        expect(state.pin).toBeUndefined();
        expect(copiesOf(state)).toBe(0);
      }, atLast);
      const all = await statesOf(target.observe());
      expect(all.filter((state) => state.cid === cid)).toEqual([]);
    });

    test('recover leaves alone what is well', async () => {
      const cid = await setting.content();
      await target.pin(cid, wanted({ metadata: { a: 'b' } }));
      await pinned(cid);
      await target.recover(cid);
      expect((await pinned(cid)).pin?.metadata).toEqual({ a: 'b' });
    });

    test.each<[string, string, Partial<WantedPin>]>([
      ['a CID that is none', 'bafynonsense', {}],
      ['min above max', noContent, { min: 2, max: 1 }],
      ['no copies', noContent, { min: 0, max: 0 }],
      ['everywhere in part', noContent, { min: -1, max: 2 }],
      ['a time that is none', noContent, { expires: 'tomorrow' }],
      ['an origin without a peer', noContent, { origins: ['/ip4/127.0.0.1/tcp/4001'] }],
      ['an origin that is two', noContent, { origins: [`${origin},${origin}`] }],
      ['an allocation that is no peer', noContent, { allocations: ['somebody'] }],
    ])('%s is refused and nothing is pinned', async (_, cid, changes) => {
      await expect(target.pin(cid, wanted(changes))).rejects.toMatchObject({
        code: 'invalid',
        retryable: false,
      });
      expect((await stateOf(target, noContent)).pin).toBeUndefined();
    });

    test('each peer that it names can be asked for', async () => {
      const cid = await setting.content();
      const { peers } = await target.inspect();
      await target.pin(cid, wanted({ allocations: peers.map(({ id }) => id) }));
      expect(copiesOf(await pinned(cid))).toBe(1);
    });

    test('more copies than there are peers are refused and nothing is pinned', async () => {
      const copies = setting.most + 1;
      const call = target.pin(noContent, wanted({ min: copies, max: copies }));
      await expect(call).rejects.toMatchObject({ code: 'not-enough-peers', retryable: false });
      expect((await stateOf(target, noContent)).pin).toBeUndefined();
    });

    test('a call that was stopped says so, and one whose time was over says that', async () => {
      const stopped = { signal: AbortSignal.abort() };
      const late = { signal: AbortSignal.abort(new DOMException('late', 'TimeoutError')) };
      for (const [options, code] of [
        [stopped, 'aborted'],
        [late, 'timeout'],
      ] as const) {
        for (const call of [
          () => target.inspect(options),
          () => target.pin(noContent, wanted(), options),
          () => target.unpin(noContent, options),
          () => target.recover(noContent, options),
          () => statesOf(target.observe([noContent], options)),
        ]) {
          await expect(call()).rejects.toMatchObject({ name: 'PinningError', code });
        }
      }
    });
  });
}

export async function statesOf(states: AsyncIterable<PinState>): Promise<PinState[]> {
  const all: PinState[] = [];
  for await (const state of states) all.push(state);
  return all;
}

export async function stateOf(target: PinTarget, cid: string, options?: ObserveOptions): Promise<PinState> {
  const [state] = await statesOf(target.observe([cid], options));
  if (!state) throw new Error(`no state of ${cid}`);
  return state;
}

export function copiesOf(state: PinState): number {
  return state.peers.filter((peer) => peer.state === 'pinned').length;
}

/** A raw CID whose content nobody has. */
export function numberedCid(number: number): string {
  const bytes = new Uint8Array(36);
  bytes.set([1, 0x55, 0x12, 32]);
  new DataView(bytes.buffer).setUint32(32, number);
  return CID.decode(bytes).toString();
}
