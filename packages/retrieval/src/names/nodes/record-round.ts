import type { Clock } from '@holdfast/http';
import type { NameRecord } from '../record/record.ts';
import { compareRecords, selectRecord } from '../record/select-record.ts';
import { verifyRecord } from '../record/verify-record.ts';
import type { RecordSource } from './name-node.ts';

/** What one node said: a record that counts, nothing, or why neither. */
export interface NodeAnswer {
  readonly node: RecordSource;
  readonly record?: NameRecord | undefined;
  readonly fault?: string | undefined;
}

export interface RoundOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** No answer is awaited for longer. */
  readonly deadlineMs: number;
  /** How long the others have once enough have answered. */
  readonly windowMs?: number | undefined;
  /** Answers without a fault that are enough. Default: the first record that counts. */
  readonly enough?: number | undefined;
  readonly onAnswer?: ((ms: number) => void) | undefined;
}

/** Asks all nodes at once. Whoever has not answered when it ends is cut off and gets a fault. */
export async function askNodes(
  nodes: readonly RecordSource[],
  name: string,
  { clock, signal, deadlineMs, windowMs, enough, onAnswer }: RoundOptions,
): Promise<readonly NodeAnswer[]> {
  const answers = new Map<RecordSource, NodeAnswer>();
  const stop = new AbortController();
  const running = AbortSignal.any([signal, stop.signal]);
  const started = clock.now();
  await new Promise<void>((resolve, reject) => {
    const after = (ms: number) => clock.sleep(ms, running).then(resolve, () => undefined);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true, signal: stop.signal });
    if (signal.aborted) return reject(signal.reason);
    let opened = false;
    after(deadlineMs);
    for (const node of nodes)
      answerOf(node, name, clock, running).then((answer) => {
        if (running.aborted) return;
        answers.set(node, answer);
        onAnswer?.(clock.now() - started);
        if (answers.size === nodes.length) resolve();
        if (windowMs === undefined || opened || !isEnough([...answers.values()], enough)) return;
        opened = true;
        after(windowMs);
      });
  }).finally(() => stop.abort());
  const fault = `gave no answer within ${clock.now() - started} ms`;
  return nodes.map((node) => answers.get(node) ?? { node, fault });
}

function isEnough(answers: readonly NodeAnswer[], enough: number | undefined): boolean {
  if (enough === undefined) return answers.some(({ record }) => record !== undefined);
  return answers.filter(({ fault }) => fault === undefined).length >= enough;
}

async function answerOf(
  node: RecordSource,
  name: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<NodeAnswer> {
  try {
    const bytes = await node.read(name, signal);
    if (bytes === undefined) return { node };
    const verdict = verifyRecord(name, bytes, { now: new Date(clock.now()) });
    if (verdict.ok) return { node, record: verdict.record };
    return { node, fault: `sent a record that does not count: ${verdict.message}` };
  } catch (error) {
    return { node, fault: faultOf(node, error) };
  }
}

export function faultOf(node: RecordSource, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.startsWith(`${node.label}: `) ? message.slice(node.label.length + 2) : message;
}

export function bestOf(answers: readonly NodeAnswer[]): NameRecord | undefined {
  return selectRecord(answers.flatMap(({ record }) => record ?? []));
}

export function isSameRecord(a: NameRecord, b: NameRecord): boolean {
  return compareRecords(a, b) === 0;
}

/** One line a node, for a message. */
export function told(answers: readonly NodeAnswer[]): string {
  return answers
    .map(
      ({ node, record, fault }) =>
        `${node.label} ${fault ?? (record ? `has sequence ${record.sequence}` : 'does not know it')}`,
    )
    .join('; ');
}
