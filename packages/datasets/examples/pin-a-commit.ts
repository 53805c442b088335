// From a signed manifest of a repository to a copy in a folder: nothing but this machine is needed.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { carOf, hashFolder, readCar, rootFromFiles } from '@holdfast/content';
import { acceptManifests, appliedResults, desiredPins, planDatasets } from '@holdfast/datasets';
import { checkChange, createDataset, formatPublicKey, generateKey, signManifest } from '@holdfast/manifest';
import { applyPlan, LocalTarget } from '@holdfast/pinning';

const folder = await mkdtemp(join(tmpdir(), 'holdfast-'));
const content = join(folder, 'hello');
await mkdir(content);
await writeFile(join(content, 'hello.txt'), 'hello\n');
const key = generateKey(undefined, 'alice');
const dataset = createDataset(await hashFolder(content), {
  name: 'hello',
  version: '1.0.0',
  description: 'One greeting',
  license: 'CC0-1.0',
  tier: 'ephemeral',
  created: '2026-01-01T00:00:00Z',
});
const manifest = await signManifest({ dataset, signatures: [] }, key);
const encode = (text: string) => new TextEncoder().encode(text);
const commit = {
  manifests: [{ path: 'manifests/hello.json', bytes: encode(JSON.stringify(manifest)) }],
  trustFiles: [{ path: 'alice.pub', bytes: encode(formatPublicKey(key.publicKey)) }],
};

// A commit, judged by its own keys. `checkChanges` of @holdfast/repository does the same for a Git repository.
const at = new Date('2026-02-01');
const report = await checkChange(commit, commit, { at, rootFromFiles, mode: 'all' });
const { accepted, lapsed } = acceptManifests(report);
console.log(`${accepted.length} accepted, ${lapsed.length} no longer valid`); // prints: 1 accepted, 0 no longer valid

const desired = desiredPins(accepted, 'github.com/example/data');
for (const { id, copies } of desired.requests) console.log(`${id} asks for ${copies.min} copy`);
// prints: hello@1.0.0 asks for 1 copy

const target = new LocalTarget({ folder: join(folder, 'copies') });
await target.putBlocks(readCar(carOf(content)));
const { plan } = await planDatasets(desired, target, { at: new Date() });
const applied = await applyPlan(plan, target, { deadlineMs: 10_000 });
for (const { id, verdict, signedBy } of appliedResults(applied, desired, { changed: new Set() }))
  console.log(`${id} is ${verdict}, signed by ${signedBy}`);
// prints: hello@1.0.0 is satisfied, signed by alice
await rm(folder, { recursive: true });
