// Plain JavaScript, because a user runs the built package so: stripping types would be measured too.
// node verify-manifests.mjs FOLDER: every manifest read by the whole pipeline, its root rebuilt, its signatures judged.
import { readdirSync, readFileSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// What was compiled is kept between runs, as Python keeps its .pyc files.
enableCompileCache();
const [{ rootFromFiles }, { loadTrust, proveFiles, readManifest }, { evaluateTrustAsync }] =
  await Promise.all([
    import('@holdfast/content/root'),
    import('@holdfast/manifest'),
    import('@holdfast/manifest/internal'),
  ]);

const folder = process.argv[2] ?? '';
const maxBytes = 16 * 1024 * 1024;
const { trust, problems } = loadTrust([
  { path: 'alice.pub', bytes: readFileSync(join(folder, 'public-keys/alice.pub')) },
]);
if (problems.length > 0) throw new Error(JSON.stringify(problems));
const at = new Date('2026-11-21T07:00:00Z');

let verified = 0;
const judging = [];
async function take(count) {
  for (const verdict of await Promise.all(judging.splice(0, count))) {
    if (!verdict.ok) throw new Error(JSON.stringify(verdict.problems));
    verified++;
  }
}
const started = performance.now();
for (const name of readdirSync(join(folder, 'manifests'))) {
  const path = `manifests/${name}`;
  const read = readManifest(readFileSync(join(folder, path)), { file: path, maxBytes });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  judging.push(evaluateTrustAsync({ path, manifest: read.manifest }, trust, at));
  const proof = proveFiles(read.manifest.dataset, rootFromFiles);
  if (proof.length > 0) throw new Error(JSON.stringify(proof));
  // What is being verified meanwhile is not kept for long.
  if (judging.length === 128) await take(64);
}
await take(judging.length);
const work = performance.now() - started;
const { maxRSS } = process.resourceUsage();
console.log(
  JSON.stringify({ verified, workMs: Math.round(work * 10) / 10, maxRssMb: Math.round(maxRSS / 1024) }),
);
