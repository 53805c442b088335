import { type Clock, fetchTransport, systemClock, type Transport } from '@holdfast/http';
import type { Signer } from '@holdfast/manifest';
import { RetrievalError } from '../error.ts';
import { LatencyWindow } from '../gateways/latency-window.ts';
import { SharedCalls } from '../shared-calls.ts';
import { isFresh, isValid, KeptRecords } from './kept-record.ts';
import type { NameStore } from './name-store.ts';
import { type NameNode, RecordSource } from './nodes/name-node.ts';
import { askNodes, bestOf, isSameRecord, type NodeAnswer, told } from './nodes/record-round.ts';
import { type PublishFacts, type PublishReport, publishRecord } from './publish-record.ts';
import { parseName } from './record/name.ts';
import type { NameRecord } from './record/record.ts';
import { compareRecords } from './record/select-record.ts';

export interface NamesOptions {
  /** Keeps the highest record ever seen. Default: memory alone. */
  readonly store?: NameStore | undefined;
  /** How long nodes may take to answer a reading. Default: 1,500 ms. */
  readonly deadlineMs?: number | undefined;
  readonly transport?: Transport | undefined;
  readonly clock?: Clock | undefined;
}

export interface ResolvedName {
  readonly value: string;
  readonly sequence: bigint;
  readonly validUntil: Date;
  readonly ttlMs: number;
  /** `memory`, `store`, or the address of the node that gave it. */
  readonly source: string;
  /** No node confirmed it now: it is the highest record ever seen, and still valid. */
  readonly stale: boolean;
  /** The nodes that answered do not all give the same record. */
  readonly disagreed: boolean;
}

/** Names over several nodes. */
export interface Names {
  resolve(name: string, options?: { readonly signal?: AbortSignal | undefined }): Promise<ResolvedName>;
  publish(
    facts: PublishFacts,
    signer: Signer,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<PublishReport>;
  /** Ends what runs; later calls are refused. */
  stop(): void;
}

/**
 * Resolves and publishes names. All nodes are asked at once, and trusted with nothing.
 *
 * @example
 * ```ts
 * const names = createNames([{ kind: 'router', url: 'http://127.0.0.1:8080' }]);
 * const { value } = await names.resolve('k51…');
 * names.stop();
 * ```
 */
export function createNames(nodes: readonly NameNode[], options: NamesOptions = {}): Names {
  return new NodeNames(nodes, options);
}

class NodeNames implements Names {
  readonly #nodes: readonly RecordSource[];
  readonly #clock: Clock;
  readonly #deadlineMs: number;
  readonly #kept: KeptRecords;
  readonly #calls = new SharedCalls<ResolvedName>();
  readonly #latencies = new LatencyWindow();
  readonly #stop = new AbortController();

  constructor(nodes: readonly NameNode[], options: NamesOptions) {
    if (nodes.length === 0)
      throw new RetrievalError('source-invalid', '"nodes" expected at least one node, got none');
    const transport = options.transport ?? fetchTransport();
    this.#nodes = nodes.map((node) => new RecordSource(node, transport));
    this.#clock = options.clock ?? systemClock;
    this.#deadlineMs = options.deadlineMs ?? 1_500;
    this.#kept = new KeptRecords(options.store);
  }

  async resolve(
    name: string,
    { signal }: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<ResolvedName> {
    parseName(name);
    const both = this.#bounded(signal);
    both.throwIfAborted();
    const kept = this.#kept.inMemory(name);
    if (kept !== undefined && isFresh(kept, this.#clock.now())) return given(kept.record, 'memory');
    return this.#calls.run(name, both, (shared) => this.#look(name, shared));
  }

  async publish(
    facts: PublishFacts,
    signer: Signer,
    { signal }: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<PublishReport> {
    const ports = { nodes: this.#nodes, kept: this.#kept, clock: this.#clock, signal: this.#bounded(signal) };
    ports.signal.throwIfAborted();
    return publishRecord(facts, signer, ports);
  }

  stop(): void {
    this.#stop.abort(new RetrievalError('stopped', 'names were stopped'));
  }

  #bounded(signal: AbortSignal | undefined): AbortSignal {
    return signal ? AbortSignal.any([signal, this.#stop.signal]) : this.#stop.signal;
  }

  async #look(name: string, signal: AbortSignal): Promise<ResolvedName> {
    const kept = await this.#kept.load(name);
    if (kept !== undefined && isFresh(kept, this.#clock.now())) return given(kept.record, 'store');
    const answers = await askNodes(this.#nodes, name, {
      clock: this.#clock,
      signal,
      deadlineMs: this.#deadlineMs,
      windowMs: this.#windowMs(),
      onAnswer: (ms) => this.#latencies.add(ms),
    });
    const best = bestOf(answers);
    const now = this.#clock.now();
    if (best !== undefined && (kept === undefined || compareRecords(best, kept.record) >= 0)) {
      await this.#kept.confirm(name, best, now);
      const giver = answers.find(({ record }) => record && isSameRecord(record, best));
      return { ...given(best, giver?.node.label ?? ''), disagreed: isDisagreed(answers, best) };
    }
    if (kept === undefined || !isValid(kept.record, now)) throw unresolved(name, answers, kept?.record);
    return { ...given(kept.record, 'store'), stale: true, disagreed: isDisagreed(answers, kept.record) };
  }

  /** What the slow ones of those that answer need; the first one is not always the newest. */
  #windowMs(): number {
    return Math.min(250, Math.max(50, this.#latencies.percentile(0.95) ?? 150));
  }
}

function given(record: NameRecord, source: string): ResolvedName {
  const { value, sequence, validUntil, ttlMs } = record;
  return { value, sequence, validUntil, ttlMs, source, stale: false, disagreed: false };
}

function isDisagreed(answers: readonly NodeAnswer[], best: NameRecord): boolean {
  return answers.some(({ record }) => record !== undefined && !isSameRecord(record, best));
}

function unresolved(
  name: string,
  answers: readonly NodeAnswer[],
  kept: NameRecord | undefined,
): RetrievalError {
  const known =
    kept === undefined
      ? ''
      : ` The highest known record has sequence ${kept.sequence} and ended ${kept.validUntil.toISOString()}: publish it again.`;
  return new RetrievalError(
    'name-unresolved',
    `no node gave a record of ${name} that counts: ${told(answers)}.${known}`,
    {
      subject: name,
    },
  );
}
