import type { Clock } from '@holdfast/http';
import type { Signer } from '@holdfast/manifest';
import { RetrievalError } from '../error.ts';
import type { KeptRecords } from './kept-record.ts';
import type { RecordSource } from './nodes/name-node.ts';
import { askNodes, bestOf, faultOf, type NodeAnswer, told } from './nodes/record-round.ts';
import { createRecord } from './record/create-record.ts';
import { nameOf } from './record/name.ts';
import type { NameRecord } from './record/record.ts';
import { compareRecords, selectRecord } from './record/select-record.ts';
import { verifyRecord } from './record/verify-record.ts';

export interface PublishFacts {
  /** `/ipfs/CID`, and maybe a path. */
  readonly value: string;
  /** How long the record counts. Default: 7 days. */
  readonly lifetimeMs?: number | undefined;
  /** How long readers may keep it. Default: 5 minutes. */
  readonly ttlMs?: number | undefined;
  /** Nodes that must give it back. Default: more than half. */
  readonly quorum?: number | undefined;
  /** How long writing may take, reading back included. Default: 10 s. */
  readonly deadlineMs?: number | undefined;
}

export interface PublishReport {
  readonly name: string;
  readonly sequence: bigint;
  readonly validUntil: Date;
  /** Nodes that gave the record back. */
  readonly accepted: readonly string[];
  /** The others, with what is known of them. */
  readonly pending: readonly { readonly node: string; readonly fault: string }[];
}

export interface PublishPorts {
  readonly nodes: readonly RecordSource[];
  readonly kept: KeptRecords;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const readMs = 800;
const againMs = 50;
/** Once a quorum has it: a node that is merely second gets the record too, a hung one is not waited for. */
const othersMs = 300;

/** Writes to all nodes at once, and returns a moment after a quorum gives the record back. */
export async function publishRecord(
  facts: PublishFacts,
  signer: Signer,
  ports: PublishPorts,
): Promise<PublishReport> {
  const { clock } = ports;
  const nodes = ports.nodes.filter((node) => node.writes);
  const quorum = facts.quorum ?? Math.floor(nodes.length / 2) + 1;
  if (!Number.isInteger(quorum) || quorum < 1 || quorum > nodes.length)
    throw new RetrievalError(
      'record-invalid',
      `"quorum" expected 1 to ${nodes.length}, the nodes that can be written, got ${quorum}`,
    );
  const name = nameOf(signer.publicKey.bytes).text;
  const record = await nextRecord(name, facts, signer, { ...ports, nodes }, quorum);
  const answers = await writeAll(name, record, { ...ports, nodes }, quorum, facts.deadlineMs ?? 10_000);
  const accepted = answers.filter(({ record: read }) => read && compareRecords(read, record) === 0);
  const above = bestOf(answers);
  if (above !== undefined && compareRecords(above, record) > 0)
    throw new RetrievalError(
      'name-superseded',
      `another publisher wrote ${name} at the same time: sequence ${above.sequence} with ${above.value} counts; publish again to replace it`,
      { subject: name },
    );
  if (accepted.length < quorum)
    throw new RetrievalError(
      'name-unpublished',
      `${accepted.length} of ${nodes.length} nodes gave the record of ${name} back, expected ${quorum}: ${told(answers)}. Publish again: it does no harm`,
      { subject: name },
    );
  await ports.kept.confirm(name, record, clock.now());
  return {
    name,
    sequence: record.sequence,
    validUntil: record.validUntil,
    accepted: accepted.map(({ node }) => node.label),
    pending: answers
      .filter((answer) => !accepted.includes(answer))
      .map(({ node, fault }) => ({ node: node.label, fault: fault ?? 'has not given it back yet' })),
  };
}

/** One above the highest known; the same sequence where only the time is renewed. */
async function nextRecord(
  name: string,
  facts: PublishFacts,
  signer: Signer,
  { nodes, kept, clock, signal }: PublishPorts,
  quorum: number,
): Promise<NameRecord> {
  // So many that one of them has what an earlier quorum took.
  const needed = nodes.length - quorum + 1;
  const answers = await askNodes(nodes, name, {
    clock,
    signal,
    deadlineMs: readMs,
    windowMs: 100,
    enough: needed,
  });
  const answered = answers.filter(({ fault }) => fault === undefined);
  if (answered.length < needed)
    throw new RetrievalError(
      'name-unpublished',
      `${answered.length} of ${nodes.length} nodes say what ${name} is now, expected ${needed}: ${told(answers)}. Nothing was written`,
      { subject: name },
    );
  const seen = (await kept.load(name))?.record;
  const last = selectRecord([...(seen ? [seen] : []), ...answered.flatMap(({ record }) => record ?? [])]);
  const sequence = last === undefined ? 1n : last.value === facts.value ? last.sequence : last.sequence + 1n;
  const validUntil = new Date(clock.now() + (facts.lifetimeMs ?? 7 * 24 * 3_600_000));
  const bytes = await createRecord({ value: facts.value, sequence, validUntil, ttlMs: facts.ttlMs }, signer);
  const verdict = verifyRecord(name, bytes, { now: new Date(clock.now()) });
  if (!verdict.ok)
    throw new RetrievalError('record-invalid', `the new record does not count: ${verdict.message}`);
  return verdict.record;
}

/** A write may hang long after the node has the record, and may succeed without it: only readings count. */
async function writeAll(
  name: string,
  record: NameRecord,
  { nodes, clock, signal }: PublishPorts,
  quorum: number,
  deadlineMs: number,
): Promise<readonly NodeAnswer[]> {
  const stop = new AbortController();
  const running = AbortSignal.any([signal, stop.signal]);
  const faults = new Map<RecordSource, string>();
  const writes = nodes.map((node) =>
    node.write(name, record.bytes, running).catch((error: unknown) => {
      if (!running.aborted) faults.set(node, faultOf(node, error));
    }),
  );
  const answers = new Map<RecordSource, NodeAnswer>();
  const until = clock.now() + deadlineMs;
  const read = async (node: RecordSource): Promise<void> => {
    while (!running.aborted && clock.now() < until) {
      const [answer] = await askNodes([node], name, {
        clock,
        signal: running,
        deadlineMs: Math.min(readMs, until - clock.now()),
      });
      if (answer === undefined) return;
      answers.set(node, answer);
      const order = answer.record === undefined ? -1 : compareRecords(answer.record, record);
      if (order >= 0) return;
      await clock.sleep(againMs, running);
    }
  };
  const done = () =>
    [...answers.values()].filter((answer) => answer.record && compareRecords(answer.record, record) === 0);
  await new Promise<void>((resolve) => {
    const readings = nodes.map((node) =>
      read(node)
        .catch(() => undefined)
        .then(() => {
          if (done().length >= quorum) clock.sleep(othersMs, running).then(resolve, () => undefined);
        }),
    );
    Promise.all(readings).then(() => resolve());
  });
  stop.abort();
  await Promise.all(writes);
  signal.throwIfAborted();
  return nodes.map((node) => {
    const answer = answers.get(node) ?? { node, fault: 'gave no answer yet' };
    return answer.record === undefined && faults.has(node) ? { node, fault: faults.get(node) } : answer;
  });
}
