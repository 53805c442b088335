import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as api from '@holdfast/manifest';
import { armorSshSignature, encodePrivateKey, fromBase64 } from '@holdfast/manifest/internal';
import * as node from '@holdfast/manifest/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bytes, json, key, sample } from './sample.ts';

// The examples in the TSDoc of the public API run: `expression; // => value` holds.

const source = (path: string) => readFile(new URL(`../src/${path}`, import.meta.url), 'utf8');

/** The name and the example of each exported value, found through the entry. */
async function examplesOf(entry: string): Promise<readonly (readonly [string, string | undefined])[]> {
  const exports = [...(await source(entry)).matchAll(/^export \{([^}]*)\} from '\.\/(.*)';$/gm)];
  const found = exports.map(async ([, names = '', path = '']) => {
    const text = await source(path);
    return names
      .split(',')
      .map((name) => name.trim())
      .filter((name) => !name.startsWith('type '))
      .map((name) => [name, exampleBefore(name, text)] as const);
  });
  return (await Promise.all(found)).flat();
}

function exampleBefore(name: string, text: string): string | undefined {
  const declared = new RegExp(
    `\\/\\*\\*(?:(?!\\*\\/)[\\s\\S])*\\*\\/\\nexport (?:async )?(?:function|class|const) ${name}\\b`,
  );
  const example = declared.exec(text)?.[0].match(/@example\n \* ```ts\n([\s\S]*?) \* ```/)?.[1];
  return example?.replace(/^ \* ?/gm, '');
}

const alice = key(1, 'alice');
const manifest = sample({ signers: [alice] });
const read = api.readManifest(json(manifest));
const { cid, files, profile, totalSize } = manifest.dataset;
const alicePub = bytes(api.formatPublicKey(alice.publicKey));
const signed = await api.signManifest(manifest, alice, { format: 'sshsig' });
const fixtures = {
  alice,
  alicePub,
  alicePem: await encodePrivateKey(alice),
  armored: armorSshSignature(fromBase64(signed.signatures[0]?.signature ?? '') ?? new Uint8Array()),
  bytes: json(manifest),
  content: { cid, files, profile, totalSize },
  manifest: read.ok ? read.manifest : undefined,
  policy: {
    version: 1,
    signers: { alice: { keys: ['alice.pub'] } },
    rules: [{ manifests: ['**'], signers: ['alice'], threshold: 1, tiers: ['standard'] }],
  },
  read,
  rootFromFiles: () => ({ cid }),
  trustFiles: [{ path: 'alice.pub', bytes: alicePub }],
};
const scope = {
  ...api,
  ...node,
  ...fixtures,
  policyBytes: json({ policy: fixtures.policy, signatures: [] }),
  assert,
};

const before = process.cwd();
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-examples-'));
  for (const name of ['manifests', 'public-keys']) await mkdir(join(folder, name));
  await writeFile(join(folder, 'manifests/tides-v1.0.0.json'), api.formatManifest(manifest));
  await writeFile(join(folder, 'public-keys/alice.pub'), alicePub);
});
afterAll(async () => await rm(folder, { recursive: true }));

const schemas = [
  'Dataset',
  'DatasetFile',
  'Manifest',
  'Profile',
  'Tier',
  'Signature',
  'Policy',
  'PolicyDocument',
];
const errors = ['ManifestError'];
const examples = [...(await examplesOf('index.ts')), ...(await examplesOf('node.ts'))].filter(
  ([name]) => ![...schemas, ...errors].includes(name),
);

test('some forty names are public', async () => {
  const names = [...(await source('index.ts')).matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(
    ([, list = '']) => list.split(','),
  );
  expect(names.length).toBeGreaterThan(40);
  expect(names.length).toBeLessThanOrEqual(52);
});

test.each(examples)('the example of %s holds', async (name, example) => {
  expect(example, `${name} has an example`).toBeDefined();
  const checked = (example ?? '').replace(/^(.*); \/\/ => (.*)$/gm, 'assert.deepEqual($1, $2);');
  const code = stripTypeScriptTypes(`async () => {\n${checked}\n}`).replaceAll(
    "'public-keys/bob.pub'",
    "'public-keys/bob.pub'",
  );
  const run = new Function(...Object.keys(scope), `return (${code})()`) as (
    ...values: unknown[]
  ) => Promise<void>;
  process.chdir(folder);
  try {
    await run(...Object.values(scope));
  } finally {
    process.chdir(before);
  }
});
