import { createHash } from 'node:crypto';
import type { Sandbox } from './holdfast.ts';
import { expectOk } from './repository.ts';

/** Names that the forms have to write with care, and a file of three chunks. */
export const exchangeTree = {
  'data/a.csv': 'time,metres\n',
  'data/deep/ü %20b.txt': 'two\n',
  'data/deep/%41.txt': 'x',
  'data/deep/UPPER.BIN': '',
  'data/long.bin': createHash('shake256', { outputLength: 2_500_000 }).update('long').digest(),
};

/** A folder with every field of a description, and its manifest. */
export async function describedDataset(box: Sandbox): Promise<string> {
  await box.write(exchangeTree);
  const described = {
    title: 'Tide gauges',
    description: 'Hourly tide gauges.\nIn metres.',
    license: 'CC-BY-4.0',
    keyword: 'sea',
    creator: 'Ann <ann@example.org> (0000-0002-1825-0097)',
    source: 'Gauges https://example.org/gauges',
    homepage: 'https://example.org/tides',
    citation: 'Ann: Tide gauges. 2026.',
    name: 'tides',
    version: '1.0.0',
    tier: 'standard',
  };
  const flags = Object.entries(described).flatMap(([flag, value]) => [`--${flag}`, value]);
  const { code, stderr } = await box.run(['create', 'data', ...flags], {
    env: { SOURCE_DATE_EPOCH: '1795242600' },
  });
  if (code !== 0) throw new Error(stderr);
  return 'manifests/tides-v1.0.0.json';
}

export const exportForms = [
  ['sha256sums', 'SHA256SUMS'],
  ['datapackage', 'datapackage.json'],
  ['croissant', 'croissant.json'],
] as const;

export const exchangeGateway = 'https://ipfs.example.org';

/** Writes every form into `out`. */
export async function exportAll(box: Sandbox, file: string): Promise<void> {
  for (const [form, name] of exportForms)
    await expectOk(box, ['export', file, `--${form}`, '-o', `out/${name}`, '--gateway', exchangeGateway]);
  await expectOk(box, ['export', file, '--bagit', '-o', 'out/bag', '--gateway', exchangeGateway]);
}
