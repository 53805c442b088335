import { describe, expect, it } from 'vitest';
import { castSvg } from '../scripts/record-demo/cast-svg.ts';
import { spansOf } from '../scripts/record-demo/styled-line.ts';

describe('the recording of the demo', () => {
  it('keeps colours and leaves every other control sequence out', () => {
    expect(spansOf('a \x1b[1m\x1b[36mb\x1b[39m c\x1b[22m\x1b[2K d\x1b[31me\x1b[0mf')).toEqual([
      { text: 'a ', classes: [] },
      { text: 'b', classes: ['bold', 'cyan'] },
      { text: ' c', classes: ['bold'] },
      { text: ' d', classes: [] },
      { text: 'e', classes: ['red'] },
      { text: 'f', classes: [] },
    ]);
  });

  it('shows each line at its time, scrolls when the screen is full, and begins again', () => {
    const lines = Array.from({ length: 40 }, (_, i) => ({ at: i / 2, text: `line ${i} <&>` }));
    const svg = castSvg(lines, 'A title');
    expect(svg).toContain('begin="loop.begin" dur="19.50s"');
    expect(svg).toContain('line 39 &lt;&amp;&gt;');
    expect(svg).toContain('begin="0s;loop.end"');
    expect(svg).toContain('values="0 0;0 -18;');
    expect(svg).not.toMatch(/<script|href=|\bon[a-z]+=/);
  });

  it('goes on in the next row where a line is too long for the screen, and loses nothing of it', () => {
    const long = `${'a'.repeat(100)}\x1b[31m${'b'.repeat(200)}`;
    const svg = castSvg([{ at: 0, text: long }], 'A title');
    const rows = [...svg.matchAll(/<text y="(\d+)">(.*)<set /g)].map(([, y, spans = '']) => [
      y,
      spans.replaceAll(/<[^>]+>/g, ''),
    ]);
    expect(rows).toEqual([
      ['18', `${'a'.repeat(100)}${'b'.repeat(12)}`],
      ['36', 'b'.repeat(112)],
      ['54', 'b'.repeat(76)],
    ]);
    expect(svg).not.toMatch(/<script|href=|\bon[a-z]+=/);
  });
});
