import { type Span, spansOf } from './styled-line.ts';

export interface CastLine {
  /** Seconds from the beginning. */
  readonly at: number;
  readonly text: string;
}

const [columns, rows, lineHeight, margin] = [112, 34, 18, 16];
const width = columns * 7.83 + 2 * margin;
const height = rows * lineHeight + 2 * margin;
/** The last screen stays this long before it all begins again. */
const rest = 6;

/**
 * What a terminal showed, line by line, as one SVG that plays by itself, in a page's `<img>` too. Where nothing plays,
 * the first screen stands there as it was.
 */
export function castSvg(lines: readonly CastLine[], title: string): string {
  const end = (lines.at(-1)?.at ?? 0) + rest;
  const shown = lines.flatMap(({ at, text }) => rowsOf(spansOf(text)).map((spans) => ({ at, spans })));
  const texts = shown.map(({ at, spans }, index) => {
    const hidden = `<set attributeName="visibility" to="hidden" begin="loop.begin" dur="${at.toFixed(2)}s"/>`;
    return `<text y="${(index + 1) * lineHeight}">${spans.map(spanSvg).join('')}${hidden}</text>`;
  });
  const scrolls = shown.flatMap(({ at }, index) =>
    index < rows ? [] : [{ at, y: -(index + 1 - rows) * lineHeight }],
  );
  const times = [0, ...scrolls.map(({ at }) => at / end), 1].map((time) => time.toFixed(4)).join(';');
  const values = ['0 0', ...scrolls.map(({ y }) => `0 ${y}`), `0 ${scrolls.at(-1)?.y ?? 0}`].join(';');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width.toFixed(0)} ${height}" role="img">
<title>${escaped(title)}</title>
<style>
text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #d6deeb; white-space: pre; }
.bold { font-weight: 700; } .dim { opacity: 0.6; } .red { fill: #ff7b72; } .green { fill: #7ee787; } .yellow { fill: #e3b341; } .cyan { fill: #79c0ff; }
</style>
<rect width="100%" height="100%" rx="8" fill="#0d1117"><animate id="loop" attributeName="x" from="0" to="0" begin="0s;loop.end" dur="${end.toFixed(2)}s"/></rect>
<svg x="${margin}" y="${margin}" width="${(width - 2 * margin).toFixed(0)}" height="${rows * lineHeight + 4}">
<g><animateTransform attributeName="transform" type="translate" calcMode="discrete" begin="loop.begin" dur="${end.toFixed(2)}s" keyTimes="${times}" values="${values}"/>
${texts.join('\n')}
</g>
</svg>
</svg>
`;
}

/** A line too long for the screen goes on in the next row, as on a terminal. */
function rowsOf(spans: readonly Span[]): Span[][] {
  const rows: Span[][] = [[]];
  let room = columns;
  for (const { text, classes } of spans) {
    for (let rest = text; rest !== ''; ) {
      if (room === 0) {
        rows.push([]);
        room = columns;
      }
      const part = rest.slice(0, room);
      rows.at(-1)?.push({ text: part, classes });
      room -= part.length;
      rest = rest.slice(part.length);
    }
  }
  return rows;
}

function spanSvg({ text, classes }: Span): string {
  const style = classes.length > 0 ? ` class="${classes.join(' ')}"` : '';
  return `<tspan xml:space="preserve"${style}>${escaped(text)}</tspan>`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
