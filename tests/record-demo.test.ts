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
});
