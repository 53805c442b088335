import { bytes, escapeText } from '@holdfast/manifest/text';
import { paintFor } from './paint.ts';
import type { Output, Ports } from './ports.ts';
import type { ProgressEvent } from './progress-event.ts';

export interface Progress {
  event(event: ProgressEvent): void;
  /** Removes the bar, so that the next output has the line to itself. */
  clear(): void;
}

type Mode = 'silent' | 'json' | 'people';

/** A bar on a terminal, an occasional line elsewhere, JSON lines with `--json`. */
export function progressTo(output: Output, mode: Mode, ports: Pick<Ports, 'env' | 'clock'>): Progress {
  if (mode === 'silent') return { event() {}, clear() {} };
  if (mode === 'json') return jsonLines(output, ports.clock);
  return output.isTTY && ports.env.TERM !== 'dumb' ? bar(output, ports) : plainLines(output, ports.clock);
}

/** Passes an event on when its phase begins or ends, and once per interval, or per `stillMs` while nothing moves. */
function throttle(
  clock: () => Date,
  intervalMs: number,
  stillMs = intervalMs,
): (event: ProgressEvent) => boolean {
  let phase: string | undefined;
  let done: number | undefined;
  let last = 0;
  let ended = false;
  return (event) => {
    const now = clock().getTime();
    const ends = event.total !== undefined && event.done >= event.total;
    const begins = event.phase !== phase || (ended && !ends);
    const soon = now - last < (event.done === done ? stillMs : intervalMs);
    if (!begins && ((ends && ended) || (!ends && soon))) return false;
    phase = event.phase;
    done = event.done;
    last = now;
    ended = ends;
    return true;
  };
}

function jsonLines(output: Output, clock: () => Date): Progress {
  const due = throttle(clock, 100);
  return {
    event: (event) => due(event) && output.write(`${JSON.stringify({ event: 'progress', ...event })}\n`),
    clear() {},
  };
}

/** Short work prints nothing. Longer work prints a line every few seconds, fewer while nothing moves. */
function plainLines(output: Output, clock: () => Date): Progress {
  const due = throttle(clock, 5_000, 30_000);
  let since: number | undefined;
  return {
    event(event) {
      since ??= clock().getTime() - (event.unit === 'seconds' ? event.done * 1_000 : 0);
      if (clock().getTime() - since >= 2_000 && due(event)) output.write(`${sentence(event)}\n`);
    },
    clear() {},
  };
}

function bar(output: Output, ports: Pick<Ports, 'env' | 'clock'>): Progress {
  const due = throttle(ports.clock, 100);
  const paint = paintFor(output, ports.env);
  let shown = false;
  return {
    event(event) {
      if (!due(event)) return;
      const share = event.total ? Math.min(1, event.done / event.total) : undefined;
      const filled = Math.round((share ?? 0) * 20);
      const drawn =
        share === undefined ? '' : `${paint.cyan('█'.repeat(filled))}${paint.dim('░'.repeat(20 - filled))} `;
      const room = Math.max(10, output.columns - (share === undefined ? 1 : 22));
      output.write(`\r\x1b[2K${drawn}${sentence(event).slice(0, room)}`);
      shown = true;
    },
    clear() {
      if (shown) output.write('\r\x1b[2K');
      shown = false;
    },
  };
}

function sentence(event: ProgressEvent): string {
  const amount = (value: number) => (event.unit === 'bytes' ? bytes(value) : `${value}`);
  const unit = event.unit === 'bytes' ? '' : ` ${event.unit}`;
  const of = event.total === undefined ? '' : ` of ${amount(event.total)}`;
  const percent = event.total
    ? ` (${Math.floor((100 * Math.min(event.done, event.total)) / event.total)} %)`
    : '';
  const read = event.bytes ? `, ${bytes(event.bytes)}` : '';
  const item = event.item ? `: ${escapeText(event.item)}` : '';
  return `${event.phase} ${amount(event.done)}${of}${unit}${percent}${read}${item}`;
}
