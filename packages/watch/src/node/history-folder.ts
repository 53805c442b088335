import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { replaceFile } from '@holdfast/manifest/replace-file';
import { compacted } from '../history/compaction.ts';
import {
  applyLine,
  formatLine,
  type HistoryLine,
  type KnownState,
  lineOf,
  nothingKnown,
  parseLine,
} from '../history/history-line.ts';
import type { Observation } from '../seen/observation.ts';
import { dayMs } from '../time/day.ts';

/** A line of a history that cannot be read. Only what that one round saw is lost. */
export interface HistoryFault {
  readonly file: string;
  readonly line: number;
  readonly why: string;
}

export interface History {
  /** Appends what a round saw, as one line on the disk. */
  append(seen: Observation): Promise<void>;
  /** All lines in order of time, those of old months by the hour or the day. */
  lines(): AsyncGenerator<HistoryLine>;
  /** What could not be read, as far as `lines` has come. */
  readonly faults: readonly HistoryFault[];
  /** Months that ended more than 35 days ago become hours, those of more than a year ago days. Answers how many it made. */
  compact(at: number): Promise<number>;
}

/** A history in a folder: JSON lines, a file a month. It is made where it is missing. */
export function openHistory(folder: string): History {
  return new HistoryFolder(folder);
}

const kinds = ['days', 'hours', 'rounds'] as const;
type Kind = (typeof kinds)[number];
const fileOf = (month: string, kind: Kind): string =>
  kind === 'rounds' ? `${month}.jsonl` : `${month}.${kind}.jsonl`;
const setAside = '.compacting';
/** Lines of two writers stay, whoever pushes first. */
const attributes = '*.jsonl merge=union\n';

class HistoryFolder implements History {
  readonly #folder: string;
  readonly #faults: HistoryFault[] = [];

  constructor(folder: string) {
    this.#folder = folder;
  }

  get faults(): readonly HistoryFault[] {
    return this.#faults;
  }

  async append(seen: Observation): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    await writeFile(join(this.#folder, '.gitattributes'), attributes, { flag: 'wx' }).catch(unlessThere);
    const month = new Date(seen.at).toISOString().slice(0, 7);
    const path = join(this.#folder, fileOf(month, 'rounds'));
    const known = await this.#known(path);
    const file = await open(path, 'a');
    try {
      // A line that was cut stays alone: it must not take this one with it.
      const start = (await endsInLine(path)) ? '' : '\n';
      await file.appendFile(`${start}${formatLine(lineOf(seen, known))}`);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  async *lines(): AsyncGenerator<HistoryLine> {
    this.#faults.length = 0;
    for (const month of await this.#months()) yield* await this.#month(month);
  }

  async compact(at: number): Promise<number> {
    let made = 0;
    for (const month of await this.#months()) {
      const end = Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 1);
      if (end <= at - 35 * dayMs) made += await this.#shorten(month, 'rounds', 'hours', 3_600_000, end);
      if (end <= at - 365 * dayMs) made += await this.#shorten(month, 'hours', 'days', dayMs, end);
    }
    return made;
  }

  /** The long form is set aside first, so that a line that comes late is not lost with it. */
  async #shorten(month: string, from: Kind, to: Kind, periodMs: number, end: number): Promise<number> {
    const source = join(this.#folder, fileOf(month, from));
    const target = join(this.#folder, fileOf(month, to));
    const aside = `${source}${setAside}`;
    const names = new Set(await this.#names());
    if (names.has(fileOf(month, to))) {
      // Whoever made it was stopped before the last step.
      await rm(aside, { force: true });
      return 0;
    }
    if (!names.has(`${fileOf(month, from)}${setAside}`)) {
      if (!names.has(fileOf(month, from))) return 0;
      await rename(source, aside);
    }
    const lines = inOrder(await this.#read(aside));
    await replaceFile(target, compacted(lines, periodMs, end).map(formatLine).join(''));
    await rm(aside);
    return 1;
  }

  async #names(): Promise<string[]> {
    return (await readdir(this.#folder).catch(unlessMissing)).sort();
  }

  async #months(): Promise<string[]> {
    const found = (await this.#names()).flatMap(
      (name) => /^(\d{4}-\d\d)\.(?:hours\.|days\.)?jsonl(?:\.compacting)?$/.exec(name)?.[1] ?? [],
    );
    return [...new Set(found)].sort();
  }

  async #month(month: string): Promise<HistoryLine[]> {
    const names = new Set(await this.#names());
    const lines: HistoryLine[] = [];
    for (const kind of kinds) {
      const name = fileOf(month, kind);
      const shorter = kinds.slice(0, kinds.indexOf(kind)).some((other) => names.has(fileOf(month, other)));
      if (names.has(name)) lines.push(...(await this.#read(join(this.#folder, name))));
      if (!shorter && names.has(`${name}${setAside}`))
        lines.push(...(await this.#read(join(this.#folder, `${name}${setAside}`))));
    }
    return inOrder(lines);
  }

  async #read(path: string): Promise<HistoryLine[]> {
    const lines: HistoryLine[] = [];
    let number = 0;
    for await (const text of createInterface({
      input: createReadStream(path),
      crlfDelay: Number.POSITIVE_INFINITY,
    })) {
      number += 1;
      if (text === '') continue;
      const line = parseLine(text);
      if ('fault' in line && !('v' in line)) this.#faults.push({ file: path, line: number, why: line.fault });
      else lines.push(line as HistoryLine);
    }
    return lines;
  }

  /** What the month's lines say by now; undefined where the next has to stand alone. */
  async #known(path: string): Promise<KnownState | undefined> {
    const text = await readFile(path, 'utf8').catch(unlessMissing);
    const state = nothingKnown();
    let whole = false;
    for (const line of text.length === 0 ? [] : (text as string).split('\n')) {
      if (line === '') continue;
      const read = parseLine(line);
      if ('fault' in read && !('v' in read)) continue;
      const known = read as HistoryLine;
      whole ||= known.whole === true;
      applyLine(state, known);
    }
    return whole ? state : undefined;
  }
}

/** Two writers, or a clock that was set back, leave lines out of order; a merge of branches can leave a line twice. */
function inOrder(lines: HistoryLine[]): HistoryLine[] {
  lines.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  return lines.filter((line, index) => {
    const before = lines[index - 1];
    return before?.at !== line.at || JSON.stringify(before) !== JSON.stringify(line);
  });
}

async function endsInLine(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    if (size === 0) return true;
    const last = Buffer.alloc(1);
    await file.read(last, 0, 1, size - 1);
    return last[0] === 10;
  } finally {
    await file.close();
  }
}

function unlessMissing(error: NodeJS.ErrnoException): [] {
  if (error.code === 'ENOENT') return [];
  throw error;
}

function unlessThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
