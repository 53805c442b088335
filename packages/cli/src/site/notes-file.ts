import { escapeText } from '@holdfast/manifest/text';
import type { SiteNote } from '@holdfast/site';
import * as z from 'zod/mini';
import { Misuse } from '../frame/misuse.ts';
import { readOperand } from '../frame/operand-file.ts';
import { parsedJson } from '../frame/parsed-json.ts';

const time = z.string().check(z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?Z$/));
const Notes = z.array(
  z.strictObject({
    from: time,
    until: z.optional(time),
    title: z.string().check(z.minLength(1), z.maxLength(200)),
    text: z.optional(z.string().check(z.maxLength(4000))),
  }),
);

const example =
  '[{ "from": "2026-12-01T20:00Z", "until": "2026-12-01T22:00Z", "title": "New disks in Oslo" }]';

/** Planned work and other notes, from a file of the repository. */
export async function readNotes(cwd: string, path: string): Promise<readonly SiteNote[]> {
  const value = parsedJson(new TextDecoder().decode(await readOperand(cwd, path)));
  if (value === undefined) throw new Misuse(`${escapeText(path)} is not JSON`, `for example ${example}`);
  const read = Notes.safeParse(value);
  if (!read.success) {
    const { path: at, message } = read.error.issues[0] ?? { path: [], message: 'not a list of notes' };
    const where = at.length === 0 ? '' : ` at ${at.join('.')}`;
    throw new Misuse(`${escapeText(path)} is no list of notes${where}: ${message}`, `for example ${example}`);
  }
  return read.data.map(({ from, until, title, text }) => ({
    from: Date.parse(from),
    until: until === undefined ? undefined : Date.parse(until),
    title,
    text,
  }));
}
