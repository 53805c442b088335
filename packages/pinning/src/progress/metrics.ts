import type { PinningEvent } from './event.ts';

type Kind = 'counter' | 'gauge' | 'histogram';
type Labels = Readonly<Record<string, string>>;

interface Family {
  readonly kind: Kind;
  readonly help: string;
  readonly samples: Map<string, number>;
}

const families: Readonly<Record<string, readonly [Kind, string]>> = {
  holdfast_steps_total: ['counter', 'Steps of plans, by what became of them.'],
  holdfast_retries_total: ['counter', 'Calls made again after a passing fault.'],
  holdfast_recoveries_total: ['counter', 'CIDs helped because they were getting nowhere.'],
  holdfast_applied_cids: ['gauge', 'CIDs of the last apply, by outcome.'],
  holdfast_apply_duration_seconds: ['gauge', 'How long the last apply took, waiting included.'],
  holdfast_ready_seconds: ['histogram', 'Time until a CID had its copies.'],
  holdfast_planned_bytes: ['gauge', 'Bytes the last plan adds, over all copies.'],
  holdfast_peers: ['gauge', 'Peers of the target, by whether they can take a copy.'],
  holdfast_free_bytes: ['gauge', 'Bytes free on the peers that can take a copy.'],
  holdfast_status_cids: ['gauge', 'CIDs by health, when last looked at.'],
  holdfast_status_copies: ['gauge', 'Copies that exist, when last looked at.'],
};

const buckets = [1, 2.5, 5, 10, 30, 60, 120, 300, 900, 3600];

/**
 * Adds up events and shows them in the text format of Prometheus (exposition format 0.0.4).
 *
 * @example
 * ```ts
 * import { LocalTarget, pinStatus, PinningMetrics } from '@holdfast/pinning';
 *
 * const metrics = new PinningMetrics();
 * await pinStatus(new LocalTarget({ folder: 'copies' }), { onProgress: metrics.observe });
 * console.log(metrics.render().includes('holdfast_')); // prints: true
 * ```
 */
export class PinningMetrics {
  readonly #families = new Map<string, Family>();

  /** Give this as, or call it from, `onProgress`. */
  readonly observe = (event: PinningEvent): void => {
    const { target } = event;
    switch (event.type) {
      case 'planned':
        this.#set('holdfast_planned_bytes', { target }, event.bytes);
        break;
      case 'capacity': {
        const { peers, peersUp, freeSpace } = event.report;
        this.#set('holdfast_peers', { target, state: 'up' }, peersUp);
        this.#set('holdfast_peers', { target, state: 'down' }, peers - peersUp);
        if (freeSpace !== undefined) this.#set('holdfast_free_bytes', { target }, freeSpace);
        break;
      }
      case 'step-submitted':
        this.#add('holdfast_steps_total', { target, step: event.step, result: 'submitted' });
        break;
      case 'step-failed':
        this.#add('holdfast_steps_total', { target, step: event.step, result: event.code });
        break;
      case 'retry':
        this.#add('holdfast_retries_total', { target, code: event.code });
        break;
      case 'recovering':
        this.#add('holdfast_recoveries_total', { target, step: event.step });
        break;
      case 'settled':
        if (event.outcome === 'satisfied') this.#time({ target }, event.elapsedMs / 1000);
        break;
      case 'applied':
        for (const outcome of ['satisfied', 'degraded', 'failed'] as const) {
          this.#set('holdfast_applied_cids', { target, outcome }, event[outcome]);
        }
        this.#set('holdfast_apply_duration_seconds', { target }, event.elapsedMs / 1000);
        break;
      case 'status':
        for (const health of ['healthy', 'degraded', 'unhealthy'] as const) {
          this.#set('holdfast_status_cids', { target, health }, event[health]);
        }
        this.#set('holdfast_status_copies', { target }, event.copies);
        break;
      case 'echoed':
      case 'step-started':
      case 'unfound':
      case 'waiting':
        break;
    }
  };

  /** What a scrape of `/metrics`, or a file for node_exporter's textfile collector, holds. */
  render(): string {
    const lines: string[] = [];
    for (const name of Object.keys(families)) {
      const family = this.#families.get(name);
      if (family === undefined) continue;
      lines.push(`# HELP ${name} ${family.help}`, `# TYPE ${name} ${family.kind}`);
      for (const [labels, value] of family.samples) lines.push(`${labels} ${value}`);
    }
    return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
  }

  #set(name: string, labels: Labels, value: number): void {
    this.#family(name).samples.set(sample(name, labels), value);
  }

  #add(name: string, labels: Labels, by = 1, suffix = ''): void {
    const { samples } = this.#family(name);
    const key = sample(name + suffix, labels);
    samples.set(key, (samples.get(key) ?? 0) + by);
  }

  #time(labels: Labels, seconds: number): void {
    const name = 'holdfast_ready_seconds';
    for (const le of buckets)
      this.#add(name, { ...labels, le: String(le) }, seconds <= le ? 1 : 0, '_bucket');
    this.#add(name, { ...labels, le: '+Inf' }, 1, '_bucket');
    this.#add(name, labels, seconds, '_sum');
    this.#add(name, labels, 1, '_count');
  }

  #family(name: string): Family {
    let family = this.#families.get(name);
    if (family === undefined) {
      const [kind, help] = families[name] ?? ['gauge', ''];
      family = { kind, help, samples: new Map() };
      this.#families.set(name, family);
    }
    return family;
  }
}

function sample(name: string, labels: Labels): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}="${escaped(value)}"`);
  return `${name}{${pairs.join(',')}}`;
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
