import { generateKey, type Manifest, type PrivateKey, sha256 } from '@holdfast/manifest';
import { type InlineDataset, toHex } from '@holdfast/manifest/internal';
import { rawCid } from '../src/manifest/cid.ts';
import { signUnchecked } from '../src/signing/sign-unchecked.ts';

const encoder = new TextEncoder();

export function bytes(text: string): Uint8Array {
  return encoder.encode(text);
}

export function json(value: unknown): Uint8Array {
  return bytes(JSON.stringify(value, null, 2));
}

/** The same key for the same number, so that a failing test can be run again. */
export function key(number: number, comment?: string): PrivateKey {
  return generateKey((length) => sha256(bytes(`key ${number}`)).subarray(0, length), comment);
}

/** A manifest that lists its files itself. */
export type InlineManifest = Manifest & { readonly dataset: InlineDataset };

export interface SampleOptions {
  readonly dataset?: Partial<InlineDataset>;
  readonly signers?: readonly PrivateKey[];
}

/** A dataset of one file whose root is the file itself, which needs no root builder. */
export function sample({ dataset = {}, signers = [] }: SampleOptions = {}): InlineManifest {
  const digest = sha256(bytes('hello'));
  const cid = rawCid(digest);
  const manifest: InlineManifest = {
    dataset: {
      name: 'tides',
      version: '1.0.0',
      revision: 1,
      description: 'Hourly tide gauges',
      license: 'CC-BY-4.0',
      tier: 'standard',
      cid,
      profile: 'unixfs-v1-2025',
      files: [{ path: 'tides.csv', size: 5, sha256: toHex(digest), cid }],
      totalSize: 5,
      created: '2026-11-21T06:30:00Z',
      ...dataset,
    },
    signatures: [],
  };
  return signers.reduce<InlineManifest>(signUnchecked, manifest);
}
