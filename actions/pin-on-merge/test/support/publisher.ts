import { createHash } from 'node:crypto';
import { rootFromFiles } from '@holdfast/content';
import { formatPublicKey, generateKey, type Manifest, type PrivateKey } from '@holdfast/manifest';
import { type InlineDataset, signUnchecked } from '@holdfast/manifest/internal';
import type { GitFiles } from '@holdfast/testkit';

export type Contents = Readonly<Record<string, string>>;

/** A maintainer with a key, who makes manifests of small files. */
export class Publisher {
  readonly name: string;
  readonly #key: PrivateKey;

  constructor(name: string) {
    this.name = name;
    this.#key = generateKey(undefined, name);
  }

  get keyid(): string {
    return this.#key.publicKey.keyid;
  }

  /** What goes into the folder of public keys. */
  keyFile(): GitFiles {
    return { [`public-keys/${this.name}.pub`]: `${formatPublicKey(this.#key.publicKey)}\n` };
  }

  manifest(name: string, contents: Contents, changes: Partial<InlineDataset> = {}): Manifest {
    return this.sign({ dataset: datasetOf(name, contents, changes), signatures: [] });
  }

  sign(manifest: Manifest): Manifest {
    return signUnchecked(manifest, this.#key);
  }
}

export function datasetOf(
  name: string,
  contents: Contents,
  changes: Partial<InlineDataset> = {},
): InlineDataset {
  const files = Object.entries(contents)
    .map(([path, text]) => {
      const sha256 = createHash('sha256').update(text).digest();
      return { path, size: Buffer.byteLength(text), sha256: sha256.toString('hex'), cid: rawCid(sha256) };
    })
    .sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
  return {
    name,
    version: '1.0.0',
    revision: 1,
    description: `Figures of ${name}`,
    license: 'CC0-1.0',
    tier: 'standard',
    cid: rootFromFiles(files, 'unixfs-v1-2025').cid,
    profile: 'unixfs-v1-2025',
    files,
    totalSize: files.reduce((sum, { size }) => sum + size, 0),
    created: '2026-11-21T06:30:00Z',
    ...changes,
  };
}

export function manifestFile({ dataset, signatures }: Manifest): GitFiles {
  const path = `manifests/${dataset.name}-v${dataset.version}.json`;
  return { [path]: `${JSON.stringify({ dataset, signatures }, null, 2)}\n` };
}

/** CIDv1 of one raw block: version, codec and multihash before the digest, in base32 without padding. */
function rawCid(sha256: Uint8Array): string {
  const bits = [...Uint8Array.of(1, 0x55, 0x12, 0x20), ...sha256]
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('');
  const letters = bits.match(/.{1,5}/g)?.map((five) => base32[Number.parseInt(five.padEnd(5, '0'), 2)]);
  return `b${letters?.join('')}`;
}

const base32 = 'abcdefghijklmnopqrstuvwxyz234567';
