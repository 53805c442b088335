// Writes dist/man: the manual pages, from what help says.
import { mkdir, writeFile } from 'node:fs/promises';
import { commands } from '../src/command-line.ts';
import { version } from '../src/version.ts';
import { manPages } from './man-page.ts';

const folder = new URL('../dist/man/', import.meta.url);
await mkdir(folder, { recursive: true });
for (const [name, text] of await manPages(commands, version)) await writeFile(new URL(name, folder), text);
