import {
  createDataset,
  formatManifest,
  generateKey,
  readManifest,
  signManifest,
  verifyManifest,
} from '@holdfast/manifest';

const cid = 'bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq';
const sha256 = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824';
// What hashFolder of @holdfast/content returns for a folder
const content = {
  cid,
  profile: 'unixfs-v1-2025' as const,
  files: [{ path: 'tides.csv', size: 5, sha256, cid }],
  totalSize: 5,
};
const dataset = createDataset(content, {
  name: 'tides',
  version: '1.0.0',
  description: 'Hourly tide gauges',
  license: 'CC-BY-4.0',
  tier: 'standard',
  created: '2026-11-21T06:30:00Z',
});

const privateKey = generateKey();
const signed = await signManifest({ dataset, signatures: [] }, privateKey);

const read = readManifest(new TextEncoder().encode(formatManifest(signed)));
if (read.ok) console.log(read.digest, verifyManifest(read.manifest, [privateKey.publicKey]).ok);
// prints: 94ee50c46ca38fb532cd057cb0a97748cd9c1ee0c1006390623875705a992170 true
