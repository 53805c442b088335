import { type Clock, pooled, systemClock } from '@holdfast/http';
import { count } from '@holdfast/manifest/text';
import type { OpenPhase, PhaseCheck, VerifyPhase } from '@holdfast/pinning';
import {
  type CopyProof,
  type CopySource,
  type GatewayCopyOptions,
  gatewayCopy,
  proveCopies,
} from '@holdfast/retrieval/proof';
import { TargetProver } from '../proof/target-prover.ts';

/** A gateway through which readers near some places get what is kept there. */
export interface PhaseGateway {
  readonly url: string;
  /** The target whose copies it serves. Without it, it is asked in every phase. */
  readonly place?: string | undefined;
}

export interface PhaseVerifierOptions extends Pick<GatewayCopyOptions, 'transport'> {
  readonly gateways?: readonly PhaseGateway[] | undefined;
  /** Places to draw of each dataset through each gateway, and of each new copy. Default: 16. */
  readonly blocks?: number | undefined;
  /** The most that 95 of 100 blocks of a dataset may take. Default: not asked for. */
  readonly p95Ms?: number | undefined;
  /** Whether peers have to show their new copies. Default: `auto`, as far as they can be asked. */
  readonly prove?: 'off' | 'auto' | 'require' | undefined;
  /** What the draws come from: the commit and the time of the run. */
  readonly seed: string;
  /** How long a gateway may take until it serves a new copy. Default: 2 minutes. */
  readonly settleMs?: number | undefined;
  readonly clock?: Clock | undefined;
}

const atOnce = 8;
const twoMinutes = 120_000;
const pauseMs = 2_000;
const drawMs = 60_000;

/** Looks at the copies of a phase as readers near them would, and asks its peers to show them. */
export function phaseVerifier(options: PhaseVerifierOptions): VerifyPhase {
  return async (phase, cids, { signal }) => {
    const checks = new Map<string, PhaseCheck[]>();
    const gateways = gatewaysOf(phase, options.gateways ?? []);
    await pooled([...cids], atOnce, async (cid) => {
      checks.set(cid, await servedBy(cid, gateways, options, signal));
    });
    if ((options.prove ?? 'auto') === 'off') return checks;
    for (const [cid, shown] of await shownBy(phase, cids, options, signal)) checks.get(cid)?.push(shown);
    return checks;
  };
}

/** Those of the places whose turn it is, and those that are for all. */
function gatewaysOf({ peers }: OpenPhase, gateways: readonly PhaseGateway[]): readonly string[] {
  const places = new Set(peers.map(({ place }) => place));
  const turn = gateways.filter(({ place }) => place === undefined || places.has(place));
  return [...new Set(turn.map(({ url }) => url))];
}

/** Every gateway gives the same root, and blocks drawn below it; and does so fast enough. */
async function servedBy(
  cid: string,
  gateways: readonly string[],
  options: PhaseVerifierOptions,
  signal: AbortSignal,
): Promise<PhaseCheck[]> {
  if (gateways.length === 0) return [];
  const times: number[] = [];
  const found = await Promise.all(gateways.map((url) => served(cid, url, times, options, signal)));
  const bad = found.filter(({ verdict }) => verdict !== 'proved');
  const blocks = found.reduce((sum, proof) => sum + proof.blocks, 0);
  const p95 = Math.round(percentile(times, 0.95));
  const speed = `95 of 100 blocks within ${p95} ms`;
  const through = `the same root and ${count(blocks, 'block')} through ${gateways.map(hostOf).join(', ')}`;
  const check: PhaseCheck =
    bad.length > 0
      ? {
          check: 'gateways',
          ok: false,
          text: bad.map(({ peer, why }) => `${hostOf(peer)}: ${why}`).join('; '),
        }
      : { check: 'gateways', ok: true, text: `${through}, ${speed}` };
  const { p95Ms } = options;
  if (p95Ms === undefined || bad.length > 0) return [check];
  const ok = p95 <= p95Ms;
  return [check, { check: 'speed', ok, text: ok ? speed : `${speed}, where ${p95Ms} ms were asked for` }];
}

/** Asked again until it serves: a copy that was just made is found after a while. Wrong bytes get no second chance. */
async function served(
  cid: string,
  url: string,
  times: number[],
  { blocks, seed, transport, settleMs = twoMinutes, clock = systemClock }: PhaseVerifierOptions,
  signal: AbortSignal,
): Promise<CopyProof> {
  const endsAt = clock.now() + settleMs;
  for (;;) {
    const own: number[] = [];
    const source = timed(gatewayCopy(url, { search: true, transport }), own, clock);
    const [proof] = await proveCopies(cid, [{ peer: url, source }], {
      blocks,
      seed,
      deadlineMs: drawMs,
      signal,
      clock,
    });
    if (proof === undefined) throw new TypeError('one copy gives one proof');
    const isOver = clock.now() + pauseMs >= endsAt;
    const isLast = proof.verdict === 'proved' || proof.damaged.length > 0 || isOver;
    if (isLast) {
      times.push(...own);
      return proof;
    }
    await clock.sleep(pauseMs, signal);
  }
}

function timed(source: CopySource, times: number[], clock: Clock): CopySource {
  return {
    async read(cid, request) {
      const began = clock.now();
      const answer = await source.read(cid, request);
      times.push(clock.now() - began);
      return answer;
    },
  };
}

async function shownBy(
  { target, peers }: OpenPhase,
  cids: readonly string[],
  { blocks, seed, prove = 'auto', clock }: PhaseVerifierOptions,
  signal: AbortSignal,
): Promise<Map<string, PhaseCheck>> {
  const ids = peers.map(({ id }) => id);
  const prover = new TargetProver(target, { seed, blocks, peers: ids, spread: false, signal, clock });
  try {
    const { proofs, left } = await prover.prove(cids);
    const byCid = Map.groupBy(proofs, ({ cid }) => cid);
    return new Map(cids.map((cid) => [cid, shownCheck(byCid.get(cid) ?? [], left.includes(cid), prove)]));
  } finally {
    await prover.close();
  }
}

function shownCheck(
  proofs: readonly CopyProof[],
  isLeft: boolean,
  prove: 'auto' | 'require' | 'off',
): PhaseCheck {
  const bad = proofs.filter(
    ({ verdict }) => verdict === 'refuted' || (verdict === 'unreachable' && prove === 'require'),
  );
  const why = bad.map(({ name, peer, why: reason }) => `${name ?? peer} could not show its copy: ${reason}`);
  if (isLeft && prove === 'require') why.push('no time was left to ask for its copies');
  const shown = proofs.filter(({ verdict }) => verdict === 'proved').length;
  const text =
    why.length > 0 ? why.join('; ') : `${shown} of ${count(proofs.length, 'new copy', 'new copies')} shown`;
  return { check: 'proofs', ok: why.length === 0, text };
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

/** The value that a share of all others is not above. */
function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}
