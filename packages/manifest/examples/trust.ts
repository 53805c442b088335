import { readFileSync } from 'node:fs';
import {
  evaluateTrust,
  formatPublicKey,
  generateKey,
  loadTrust,
  readManifest,
  signManifest,
} from '@holdfast/manifest';

const bytes = (text: string) => new TextEncoder().encode(text);
const [alice, bob] = [generateKey(), generateKey()];
const { trust, problems } = loadTrust([
  { path: 'alice.pub', bytes: bytes(formatPublicKey(alice.publicKey)) },
  { path: 'bob.pub', bytes: bytes(formatPublicKey(bob.publicKey)) },
  {
    path: 'policy.json',
    bytes: bytes(`{
      "policy": {
        "version": 1,
        "signers": { "alice": { "keys": ["alice.pub"] }, "bob": { "keys": ["bob.pub"] } },
        "rules": [{ "manifests": ["**"], "signers": ["alice", "bob"], "threshold": 2, "tiers": ["standard"] }]
      },
      "signatures": []
    }`),
  },
]);
if (problems.length > 0) throw new Error(problems[0]?.message);

const [vector] = JSON.parse(readFileSync('vectors/manifests.json', 'utf8')).cases;
const read = readManifest(bytes(vector.text));
if (!read.ok) throw new Error(read.problems[0]?.message);
const manifest = await signManifest({ ...read.manifest, signatures: [] }, alice);
const verdict = evaluateTrust({ path: 'manifests/tides.json', manifest }, trust, new Date());
console.log(verdict.ok, verdict.explanation);
// prints: false needs 2 of alice, bob; has alice
