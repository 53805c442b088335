// From a folder to a signed manifest on standard output, all in memory.
import { readFile } from 'node:fs/promises';
import { hashFolder } from '@holdfast/content';
import { createDataset, formatManifest, parsePrivateKey, signManifest } from '@holdfast/manifest';

const [folder = 'data', keyFile = 'alice.key'] = process.argv.slice(2);
const dataset = createDataset(await hashFolder(folder), {
  ...{ name: 'tides', version: '1.0.0', description: 'Hourly tide gauges', license: 'CC-BY-4.0' },
  tier: 'standard',
  created: new Date(),
});
const key = await parsePrivateKey(await readFile(keyFile, 'utf8'));
process.stdout.write(formatManifest(await signManifest({ dataset, signatures: [] }, key)));
