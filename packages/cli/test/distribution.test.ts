import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { plotSvg, plotText } from '../src/pinning/distribution-plot.ts';
import { sandbox } from './support/holdfast.ts';
import { expectOk, initialized, signedTides } from './support/repository.ts';

const plain = (text: string) => text;
const paint = { bold: plain, dim: plain, red: plain, green: plain, yellow: plain, cyan: plain };
const found = {
  regions: [
    { region: 'eu', copies: 3, bytes: 3_000 },
    { copies: 1, bytes: 500 },
  ],
  peers: [
    { id: 'a', name: 'eu/peer-0', region: 'eu', up: true, freeSpace: 40e9, copies: 2, bytes: 2_000 },
    { id: 'b', name: 'eu/<b>', region: 'eu', up: true, copies: 1, bytes: 1_000 },
    { id: 'c', up: false, copies: 1, bytes: 500 },
  ],
  copies: 4,
  bytes: 3_500,
  unsized: 0,
  unevenness: 4 / 3,
};

describe('the plot of a distribution', () => {
  it('has a bar for each peer below its region', () => {
    expect(plotText(found, paint)).toBe(
      [
        'eu 3 copies, 3.0 kB',
        '  eu/peer-0 ████████████████████████ 2 copies, 2.0 kB (40.0 GB free)',
        '  eu/<b>    ████████████············ 1 copy, 1.0 kB',
        'no region 1 copy, 500 B',
        '  c         ██████·················· 1 copy, 500 B (down)',
      ].join('\n'),
    );
  });

  it('is a picture without markup of its names', () => {
    const svg = plotSvg(found, 'targets <eu> & "more"');
    expect(svg).toContain('eu/&lt;b&gt;');
    expect(svg).toContain('targets &lt;eu&gt; &amp; &quot;more&quot;');
    expect(svg).toContain('width="150"');
    expect(svg.match(/<(svg|title|style|text|rect|\/)/g)?.length).toBeGreaterThan(10);
  });
});

describe('holdfast distribution', { tags: ['slow'] }, () => {
  it('shows what the folders of a group keep, and writes the picture', async () => {
    await using box = await sandbox();
    await initialized(box);
    const folder = (name: string, region: string) => ({
      name,
      kind: 'local',
      folder: `copies/${name}`,
      region,
    });
    const targets = [folder('oslo', 'north'), folder('bergen', 'north'), folder('lisbon', 'south')];
    await box.write({ '.holdfast/targets.json': JSON.stringify({ targets }) });
    const manifest = await signedTides(box, { tier: 'standard' });
    await expectOk(box, ['publish', 'data', '--manifest', manifest, '--target', 'oslo']);
    await expectOk(box, ['pin', manifest, '--target', 'all', '--wait', 'max']);
    const { code, document } = await box.json([
      'distribution',
      manifest,
      '--target',
      'all',
      '--svg',
      'plot.svg',
    ]);
    expect(code).toBe(0);
    expect(document.result).toMatchObject({ copies: 3, unsized: 0, unevenness: 1, svg: 'plot.svg' });
    expect(await readFile(box.path('plot.svg'), 'utf8')).toContain('<svg');
    const { stdout } = await box.run(['distribution', '--everything', '--target', 'all']);
    expect(stdout).toContain('north 2 copies');
    expect(stdout).toContain('3 copies; the fullest peer keeps 1.0 times the mean');
  });
});
