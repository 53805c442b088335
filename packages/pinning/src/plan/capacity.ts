import { regionsNeeded, regionsOf } from '../target/spread.ts';
import type { TargetInfo } from '../target/target.ts';
import type { Plan, Step } from './step.ts';

export interface CapacityProblem {
  readonly code: 'no-peers' | 'not-enough-peers' | 'not-enough-space' | 'not-enough-regions';
  /** The CIDs that cannot be held as wanted for this reason. */
  readonly cids: readonly string[];
  readonly message: string;
  /** Peers, copies, regions or bytes, as the message says. */
  readonly needed: number;
  readonly available: number;
}

export interface CapacityReport {
  readonly ok: boolean;
  readonly problems: readonly CapacityProblem[];
  /** Peers fit to take a copy, of all. */
  readonly peersUp: number;
  readonly peers: number;
  readonly regions: readonly string[];
  /** Bytes free on fit peers; absent where any of them does not say. */
  readonly freeSpace?: number;
  /** Bytes that the plan adds, over all copies. */
  readonly bytes: number;
}

/** Whether a target can hold what a plan adds: peers, regions and space, with the numbers. */
export function checkCapacity(plan: Plan, info: TargetInfo): CapacityReport {
  const up = info.peers.filter((peer) => peer.up);
  const regions = [...regionsOf(up, info.quorums)].sort();
  const adding = plan.steps.filter(
    (step) => step.adds > 0 || (step.wanted !== undefined && step.kind === 'pin'),
  );
  const bytes = adding.reduce((sum, step) => sum + step.bytes, 0);
  const spaces = up.map((peer) => peer.freeSpace);
  const freeSpace = spaces.every((space) => space !== undefined)
    ? spaces.reduce((sum, space) => sum + space, 0)
    : undefined;
  const problems = [
    ...peerProblems(adding, up.length, info.peers.length),
    ...regionProblems(adding, info, regions),
    ...spaceProblems(adding, bytes, freeSpace),
  ];
  return {
    ok: problems.length === 0,
    problems,
    peersUp: up.length,
    peers: info.peers.length,
    regions,
    ...(freeSpace !== undefined && { freeSpace }),
    bytes,
  };
}

function peerProblems(steps: readonly Step[], up: number, all: number): CapacityProblem[] {
  const least = (step: Step) => step.wanted?.min ?? 0;
  const fit = (step: Step) => step.shortage?.fit ?? up;
  const fewPeers = steps.filter((step) => least(step) > up);
  const fewRoomy = steps.filter((step) => least(step) <= up && least(step) > fit(step));
  const problems: CapacityProblem[] = [];
  if (fewPeers.length > 0) {
    const needed = Math.max(...fewPeers.map(least));
    const message =
      up === 0
        ? `${needed} copies are wanted and none of ${all} peers has fresh metrics; is the target starting, or cut off?`
        : `${needed} copies are wanted and ${up} of ${all} peers can take one; add peers, or choose a lower tier`;
    const code = up === 0 ? 'no-peers' : 'not-enough-peers';
    problems.push({ code, cids: fewPeers.map((step) => step.cid), message, needed, available: up });
  }
  for (const step of fewRoomy) {
    const needed = least(step);
    const size = step.request?.totalSize ?? 0;
    const message = `${needed} copies of ${size} bytes are wanted and ${fit(step)} of ${up} peers have that much free; add space, or choose a lower tier`;
    problems.push({ code: 'not-enough-space', cids: [step.cid], message, needed, available: fit(step) });
  }
  return problems;
}

function regionProblems(
  steps: readonly Step[],
  info: TargetInfo,
  regions: readonly string[],
): CapacityProblem[] {
  const need = (step: Step) => (step.wanted === undefined ? 0 : regionsNeeded(step.wanted, info));
  const short = steps.filter((step) => need(step) > regions.length);
  if (short.length === 0) return [];
  const needed = Math.max(...short.map(need));
  const have =
    regions.length === 0 ? 'no fit peer has a region tag' : `the fit peers are in ${regions.join(', ')}`;
  const message = `copies in ${needed} regions are wanted and ${have}; give peers a "region" tag, or add peers elsewhere`;
  return [
    {
      code: 'not-enough-regions',
      cids: short.map((step) => step.cid),
      message,
      needed,
      available: regions.length,
    },
  ];
}

function spaceProblems(
  steps: readonly Step[],
  bytes: number,
  freeSpace: number | undefined,
): CapacityProblem[] {
  if (freeSpace === undefined || bytes <= freeSpace) return [];
  const all = steps.filter((step) => step.bytes > 0);
  // What fits goes ahead, in the order of the plan: one giant is no reason to keep nothing of the rest.
  let left = freeSpace;
  const cids = all.flatMap((step) => {
    if (step.bytes > left) return [step.cid];
    left -= step.bytes;
    return [];
  });
  const message = `the plan adds ${bytes} bytes over all copies and the fit peers have ${freeSpace} free, which leaves out ${cids.length} of ${all.length} CIDs; add space or plan less`;
  return [{ code: 'not-enough-space', cids, message, needed: bytes, available: freeSpace }];
}
