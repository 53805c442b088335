// Says who signed each manifest of a folder. Exits with 1 where one is broken or nobody signed it.
import { verifyManifest } from '@holdfast/manifest';
import { readManifests, readTrust } from '@holdfast/manifest/node';

const [folder = 'manifests', keyFolder = 'public-keys'] = process.argv.slice(2);
const { trust } = await readTrust(keyFolder);
const keys = [...trust.keys.values()].map(({ key }) => key);
for (const read of await readManifests(folder)) {
  const { ok, signedBy } = read.ok ? verifyManifest(read.manifest, keys) : { ok: false, signedBy: [] };
  const signers = signedBy.map(({ keyid }) => trust.keys.get(keyid)?.signer).join(', ');
  console.log(`${read.path}: ${ok ? `signed by ${signers}` : 'not signed by anybody we know'}`);
  for (const { code, message } of read.problems ?? []) console.log(`  ${code}: ${message}`);
  if (!ok) process.exitCode = 1;
}
