import { generateKey } from '@holdfast/manifest';
import { encodePrivateKey, ipnsNameOf } from '@holdfast/manifest/internal';
import { verifyRecord } from '@holdfast/retrieval';
import type { RecordServer } from '../../../../packages/retrieval/test/names/record-server.ts';
import { scene } from './stage.ts';

const key = generateKey();
export const name = ipnsNameOf(key.publicKey.bytes);
export const secret = await encodePrivateKey(key);

/** The policy gives tides its name; Alice may publish anything. */
export async function namedTides(): Promise<void> {
  const policy = {
    version: 1,
    signers: { alice: { keys: ['alice.pub'], keyids: [scene.alice.keyid] } },
    rules: [{ manifests: ['**'], signers: ['alice'], threshold: 1, tiers: ['standard', 'important'] }],
    names: { tides: name },
  };
  await scene.repository.write({ 'public-keys/policy.json': JSON.stringify({ policy, signatures: [] }) });
  await scene.push('Name tides');
}

/** Where a reader of the name would go by one server. */
export async function valueOn({ records }: RecordServer): Promise<string | undefined> {
  const bytes = records.get(name);
  if (bytes === undefined) return undefined;
  const verdict = await verifyRecord(name, bytes);
  return verdict.ok ? verdict.record.value : undefined;
}
