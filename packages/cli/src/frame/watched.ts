import { setTimeout as sleep } from 'node:timers/promises';
import { escapeText } from '@holdfast/manifest/text';
import type { Flags, Report, Tools, Values } from './command.ts';
import { durationOf } from './duration.ts';
import { failureOf } from './failure.ts';
import { fitted } from './narrow.ts';
import { paintFor } from './paint.ts';

export const watchFlags = {
  watch: { type: 'boolean', about: 'look again and again until Ctrl-C; off a terminal, print what changes' },
  every: { type: 'string', value: 'TIME', about: 'with --watch: the time between two looks; default: 10s' },
} as const satisfies Flags;

const clearScreen = '\x1b[H\x1b[2J\x1b[3J';

/**
 * Looks until `isDone`, or until the person ends it. A terminal shows the latest look, anything else each one that differs from the
 * one before; with `--json` each is a line. A look that fails later on is said, and the next one comes.
 */
export async function watched(
  look: () => Promise<Report>,
  flags: Values<typeof watchFlags>,
  tools: Tools,
  isDone: (report: Report) => boolean = () => false,
): Promise<Report> {
  const everyMs = durationOf('every', flags.every ?? '10s');
  let report = await look();
  let shown: string | undefined;
  for (;;) {
    if (isDone(report)) return report;
    shown = show(report, shown, flags.every ?? '10s', tools);
    await sleep(everyMs, undefined, { signal: tools.signal });
    report = await lookAgain(look, report, everyMs, tools);
  }
}

/** A target that does not answer for a while is why somebody watches. */
async function lookAgain(
  look: () => Promise<Report>,
  last: Report,
  everyMs: number,
  tools: Tools,
): Promise<Report> {
  try {
    return await look();
  } catch (error) {
    if (tools.signal.aborted) throw error;
    const { message } = failureOf(error);
    tools.line?.({ event: 'fault', at: tools.clock().toISOString(), message });
    tools.note(`${tools.clock().toISOString()} ${escapeText(message)}; looking again in ${everyMs / 1000} s`);
    return last;
  }
}

/** What was shown, to compare the next look with. */
function show(report: Report, before: string | undefined, every: string, tools: Tools): string {
  const { stdout, env, clock } = tools;
  const at = clock().toISOString();
  tools.line?.({ event: 'look', at, exitCode: report.exitCode, result: report.result });
  const text = fitted(report.text(paintFor(stdout, env)), stdout);
  if (tools.print === undefined) return text;
  if (stdout.isTTY) tools.print(`${clearScreen}${text}\n\n${at}, again every ${every}; Ctrl-C ends it\n`);
  else if (text !== before) tools.print(`${at}\n${text}\n`);
  return text;
}
