// `npm run demo:record`: plays the demo that a fresh clone shows, and writes what it printed, with its pace, to docs/demo.svg and
// docs/demo.txt.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { type CastLine, castSvg } from './record-demo/cast-svg.ts';

/** Waiting is not worth watching: a pause is cut to this, and lines that come at once are spread a little. */
const [longestPause, shortestPause] = [1.5, 0.08];

const demo = ['--conditions=@holdfast/source', new URL('demo.ts', import.meta.url).pathname, '--folders'];
const child = spawn(process.execPath, demo, {
  env: { ...process.env, FORCE_COLOR: '1' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const lines: CastLine[] = [];
let [clock, last, pending] = [0, performance.now(), ''];
child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
  process.stdout.write(chunk);
  const parts = (pending + chunk).split('\n');
  pending = parts.pop() ?? '';
  for (const text of parts) {
    const now = performance.now();
    clock += Math.min(longestPause, Math.max(shortestPause, (now - last) / 1000));
    last = now;
    lines.push({ at: clock, text });
  }
});
child.on('close', (code) => {
  if (code !== 0) {
    console.error(`the demo ended with ${code}; nothing was recorded`);
    process.exit(1);
  }
  writeFileSync(
    new URL('../docs/demo.svg', import.meta.url),
    castSvg(lines, 'The demo of Holdfast, from a folder to copies that heal'),
  );
  writeFileSync(
    new URL('../docs/demo.txt', import.meta.url),
    `${lines
      .map(({ text }) => stripVTControlCharacters(text).trimEnd())
      .join('\n')
      .trim()}\n`,
  );
});
