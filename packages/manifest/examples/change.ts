import { readFileSync } from 'node:fs';
import {
  checkChange,
  formatManifest,
  formatPublicKey,
  generateKey,
  readManifest,
  signManifest,
} from '@holdfast/manifest';

const bytes = (text: string) => new TextEncoder().encode(text);
const alice = generateKey();
const trustFiles = [{ path: 'alice.pub', bytes: bytes(formatPublicKey(alice.publicKey)) }];
const [vector] = JSON.parse(readFileSync('vectors/manifests.json', 'utf8')).cases;
const read = readManifest(bytes(vector.text));
if (!read.ok) throw new Error(read.problems[0]?.message);

const file = async (patch: object) => {
  const dataset = { ...read.manifest.dataset, ...patch };
  const signed = await signManifest({ dataset, signatures: [] }, alice);
  return { path: 'manifests/tides.json', bytes: bytes(formatManifest(signed)) };
};
const report = await checkChange(
  { manifests: [await file({})], trustFiles },
  { manifests: [await file({ tier: 'critical' })], trustFiles },
  // rootFromFiles of @holdfast/content
  {
    at: new Date(),
    repository: 'example/datasets',
    rootFromFiles: () => ({ cid: read.manifest.dataset.cid }),
  },
);
for (const { code, message } of report.problems) console.log(code, message);
// prints: change/wrong-revision expected revision 2, as the merged one has 1, got 1
