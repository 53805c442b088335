import { bytes, count, escapeText } from '@holdfast/manifest/text';
import type { Distribution, PeerLoad } from '@holdfast/pinning/internal';
import type { Paint } from '../frame/paint.ts';

const barColumns = 24;

/** A bar for each peer, below the line of its region. */
export function plotText(distribution: Distribution, paint: Paint): string {
  const { peers, regions } = distribution;
  const most = Math.max(1, ...peers.map((peer) => weightOf(peer, distribution)));
  const named = peers.map((peer) => escapeText(peer.name ?? peer.id));
  const wide = Math.max(...named.map((name) => name.length));
  const lines = regions.flatMap(({ region, ...load }) => [
    `${paint.bold(escapeText(region ?? 'no region'))} ${loadText(load)}`,
    ...peers.flatMap((peer, index) => {
      if (peer.region !== region) return [];
      const columns = Math.round((weightOf(peer, distribution) / most) * barColumns);
      const bar = '█'.repeat(columns) + paint.dim('·'.repeat(barColumns - columns));
      const free = peer.freeSpace === undefined ? [] : [`${bytes(peer.freeSpace)} free`];
      const notes = [...free, ...(peer.up ? [] : ['down'])];
      const more = notes.length > 0 ? ` ${paint.dim(`(${notes.join(', ')})`)}` : '';
      const name = (named[index] ?? '').padEnd(wide);
      return [`  ${peer.up ? name : paint.red(name)} ${bar} ${loadText(peer)}${more}`];
    }),
  ]);
  return lines.join('\n');
}

export function loadText({ copies, bytes: size }: Pick<PeerLoad, 'bytes' | 'copies'>): string {
  return size > 0 ? `${count(copies, 'copy', 'copies')}, ${bytes(size)}` : count(copies, 'copy', 'copies');
}

/** Bytes where they are known, else copies. */
function weightOf(peer: PeerLoad, { bytes: total }: Distribution): number {
  return total > 0 ? peer.bytes : peer.copies;
}

const rowHeight = 22;
const [left, barWidth, width] = [230, 300, 760];

/** The same as a picture of its own, for light and dark pages. */
export function plotSvg(distribution: Distribution, title: string): string {
  const { peers, regions } = distribution;
  const most = Math.max(1, ...peers.map((peer) => weightOf(peer, distribution)));
  const rows: string[] = [];
  let y = 46;
  for (const { region, ...load } of regions) {
    rows.push(
      `<text class="region" x="16" y="${y}">${xml(region ?? 'no region')}</text>`,
      `<text class="note" x="${left}" y="${y}">${xml(loadText(load))}</text>`,
    );
    y += rowHeight;
    for (const peer of peers.filter((each) => each.region === region)) {
      const length = Math.round((weightOf(peer, distribution) / most) * barWidth);
      rows.push(
        `<text x="28" y="${y}">${xml(shortened(peer.name ?? peer.id))}</text>`,
        `<rect class="all" x="${left}" y="${y - 12}" width="${barWidth}" height="14" rx="3"/>`,
        `<rect class="${peer.up ? 'kept' : 'down'}" x="${left}" y="${y - 12}" width="${length}" height="14" rx="3"/>`,
        `<text class="note" x="${left + barWidth + 12}" y="${y}">${xml(loadText(peer))}${peer.up ? '' : ', down'}</text>`,
      );
      y += rowHeight;
    }
    y += 8;
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" role="img" aria-labelledby="title">`,
    `<title id="title">${xml(title)}</title>`,
    `<style>svg{background:#fff;font:13px system-ui,sans-serif}text{fill:#1f2328}.head{font-weight:600;font-size:15px}.region{font-weight:600}.note{fill:#59636e}.all{fill:#eff2f5}.kept{fill:#0969da}.down{fill:#cf222e}@media(prefers-color-scheme:dark){svg{background:#0d1117}text{fill:#f0f6fc}.note{fill:#9198a1}.all{fill:#212830}.kept{fill:#4493f8}.down{fill:#f85149}}</style>`,
    `<text class="head" x="16" y="22">${xml(title)}</text>`,
    ...rows,
    '</svg>',
    '',
  ].join('\n');
}

function shortened(name: string): string {
  return name.length > 24 ? `${name.slice(0, 11)}…${name.slice(-11)}` : name;
}

function xml(text: string): string {
  const names: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;' };
  return escapeText(text).replace(/[<>&"]/g, (character) => names[character] ?? '');
}
