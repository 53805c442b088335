import { pooled } from '@holdfast/http';
import type { Signer } from '@holdfast/manifest';
import { type Names, type ResolvedName, RetrievalError } from '@holdfast/retrieval';
import type { NameResult } from './name-result.ts';
import type { NamedVersion, WantedName } from './wanted-names.ts';

export interface FollowPorts {
  readonly names: Names;
  /** By the IPNS name of the key. */
  readonly keys: ReadonlyMap<string, Signer>;
  /** Whether a version has the copies of its tier. Undefined: it was not looked at. */
  hasCopies(id: string): boolean | undefined;
  now(): number;
  readonly signal: AbortSignal;
  /** Looks, and writes nothing. */
  readonly dryRun?: boolean | undefined;
  /** How long a new record counts. Default: 7 days. */
  readonly lifetimeMs?: number | undefined;
  /** How long readers may keep it. Default: 5 minutes. */
  readonly ttlMs?: number | undefined;
}

const weekMs = 7 * 24 * 3_600_000;
/** Names are few, and each asks every node. */
const atOnce = 8;

/**
 * Makes each name point to the latest version that has its copies, and publishes it again when half of its time is over. A name
 * whose latest version has too few copies stays where it is, and is kept alive there.
 */
export async function followNames(wanted: readonly WantedName[], ports: FollowPorts): Promise<NameResult[]> {
  const results: NameResult[] = [];
  await pooled([...wanted.entries()], atOnce, async ([index, name]) => {
    results[index] = await followName(name, ports);
  });
  return results;
}

async function followName(wanted: WantedName, ports: FollowPorts): Promise<NameResult> {
  const { dataset, name, latest } = wanted;
  const { keys, now, dryRun = false, lifetimeMs = weekMs, ttlMs } = ports;
  const about = { dataset, name };
  if (latest === undefined)
    return {
      ...about,
      outcome: 'waiting',
      reason: `no version of ${dataset} is accepted, so there is nothing to point to`,
    };
  const key = keys.get(name);
  if (key === undefined) {
    const todo = `Give the key of ${name}, or take the name out of the policy.`;
    return { ...about, outcome: 'no-key', reason: 'its key was not given, so it stays as it is', todo };
  }
  try {
    const current = await currentOf(name, ports);
    const pointsTo = current && wanted.versions.get(cidOf(current));
    const ready = ports.hasCopies(latest.id) === true;
    const target = ready ? latest : pointsTo;
    const lack = ready ? '' : lackOf(latest, ports.hasCopies(latest.id));
    if (target === undefined) {
      const where = current
        ? `points to ${current.value}, which no accepted version is`
        : 'is not published yet';
      return { ...about, outcome: 'waiting', reason: `${lack}; the name ${where}` };
    }
    const moved = current === undefined || target.cid !== cidOf(current);
    const shown = { ...about, id: target.id, cid: target.cid };
    if (current !== undefined && !moved && !isDue(current, now(), lifetimeMs)) {
      const until = current.validUntil.toISOString();
      const reason = `points to ${target.id} until ${until}`;
      const facts = { ...shown, sequence: `${current.sequence}`, validUntil: until };
      if (ready) return { ...facts, outcome: 'current', reason };
      return { ...facts, outcome: 'waiting', reason: `${lack}; the name still ${reason}` };
    }
    if (dryRun) {
      const verb = moved ? 'would point to' : 'would be renewed at';
      return { ...shown, outcome: 'due', reason: `${verb} ${target.id}` };
    }
    const value = `/ipfs/${target.cid}`;
    const report = await ports.names.publish({ value, lifetimeMs, ttlMs }, key, { signal: ports.signal });
    const until = report.validUntil.toISOString();
    const all = report.accepted.length + report.pending.length;
    const where = `on ${report.accepted.length} of ${all} nodes, until ${until}`;
    return {
      ...shown,
      outcome: moved ? 'published' : 'renewed',
      reason: `${lack === '' ? '' : `${lack}; the name still `}points to ${target.id} ${where}`,
      sequence: `${report.sequence}`,
      validUntil: until,
      nodes: report.accepted,
    };
  } catch (error) {
    if (!(error instanceof RetrievalError) && !ports.signal.aborted) throw error;
    const reason = error instanceof RetrievalError ? error.message : 'the time limit was reached first';
    return { ...about, outcome: 'failed', reason, todo: 'Run again: publishing twice does no harm.' };
  }
}

/** Undefined where no node gives a record that counts: then it is published, which says more if the nodes are down. */
async function currentOf(name: string, { names, signal }: FollowPorts): Promise<ResolvedName | undefined> {
  try {
    const resolved = await names.resolve(name, { signal });
    return resolved.stale ? undefined : resolved;
  } catch (error) {
    if (error instanceof RetrievalError && error.code === 'name-unresolved') return undefined;
    throw error;
  }
}

/** Half its time is over, or a node still has another record. */
function isDue({ validUntil, disagreed }: ResolvedName, now: number, lifetimeMs: number): boolean {
  return disagreed || validUntil.getTime() - now < lifetimeMs / 2;
}

function lackOf({ id }: NamedVersion, hasCopies: boolean | undefined): string {
  return hasCopies === undefined ? `the copies of ${id} were not looked at` : `${id} has too few copies`;
}

function cidOf({ value }: ResolvedName): string {
  return value.replace(/^\/ipfs\//, '');
}
