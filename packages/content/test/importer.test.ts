import { sha256 } from '@holdfast/manifest/sha256';
import { decode, encode, prepare } from '@ipld/dag-pb';
import { MemoryBlockstore } from 'blockstore-core';
import fc from 'fast-check';
import { importer } from 'ipfs-unixfs-importer';
import { fixedSize } from 'ipfs-unixfs-importer/chunker';
import { balanced } from 'ipfs-unixfs-importer/layout';
import { CID } from 'multiformats/cid';
import { describe, expect, it } from 'vitest';
import { encodeNode } from '../src/dag/dag-node.ts';
import { buildFile, wrapLeaf } from '../src/dag/file-dag.ts';
import { fileShape } from '../src/dag/file-shape.ts';
import { cidText, linkCid } from '../src/dag/link-cid.ts';
import { type ImportProfile, type ProfileName, profiles } from '../src/profile.ts';
import { rootFromFiles } from '../src/root.ts';
import { noise } from './support/temp-folder.ts';

it('spells CIDs as multiformats does', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.constantFrom('raw', 'dag-pb'),
      (digest, codec) => {
        const bytes = linkCid(codec as 'raw', digest, profiles['unixfs-v1-2025']);
        expect(cidText(codec as 'raw', digest)).toBe(CID.decode(bytes).toString());
      },
    ),
  );
});

describe('against @ipld/dag-pb', () => {
  it('encodes nodes to the same bytes', () => {
    const link = fc.record({
      cid: fc
        .uint8Array({ minLength: 32, maxLength: 32 })
        .map((digest) => linkCid('raw', digest, profiles['unixfs-v1-2025'])),
      name: fc.string({ unit: 'grapheme', maxLength: 200 }),
      tsize: fc.oneof(fc.nat(300), fc.maxSafeNat()),
    });
    fc.assert(
      fc.property(fc.array(link, { maxLength: 8 }), fc.uint8Array({ maxLength: 300 }), (links, data) => {
        const named = links.map((each) => ({ ...each, name: new TextEncoder().encode(each.name) }));
        named.sort((a, b) => Buffer.compare(a.name, b.name));
        const expected = encode(
          prepare({
            Data: data,
            Links: named.map(({ cid, name, tsize }) => {
              return { Hash: CID.decode(cid), Name: new TextDecoder().decode(name), Tsize: tsize };
            }),
          }),
        );
        expect(Buffer.compare(encodeNode(named, data), expected)).toBe(0);
      }),
    );
  });

  it('wraps leaves in nodes that decode', () => {
    for (const size of [0, 1, 127, 128, 262_144]) expect(decode(wrapLeaf(noise(size))).Links).toEqual([]);
  });
});

const small: ImportProfile = { ...profiles['unixfs-v1-2025'], chunkSize: 16, fileLinks: 3 };
const smallWrapped: ImportProfile = { ...profiles['unixfs-v0-2015'], chunkSize: 16, fileLinks: 3 };

describe.each([
  ['raw leaves', small],
  ['wrapped leaves', smallWrapped],
])('against ipfs-unixfs-importer, %s', (_, profile) => {
  it('lays files out the same, and knows the DAG size from the size alone', async () => {
    const size = fc.nat(16 * 3 ** 4);
    await fc.assert(
      fc.asyncProperty(size, async (length) => {
        const bytes = noise(length, length + 1);
        const leaves = chunks(bytes, profile.chunkSize).map((chunk) =>
          sha256(profile.rawLeaves ? chunk : wrapLeaf(chunk)),
        );
        const built = buildFile(length, Buffer.concat(leaves), profile, { sha256 });
        const [expected] = await imported([{ path: 'f', content: bytes }], profile);
        expect(CID.decode(linkCid(built.cid.codec, built.cid.digest, profile)).toString()).toBe(
          expected?.cid.toString(),
        );
        expect(built.dagSize).toBe(Number(expected?.size));
        expect(fileShape(length, profile)).toEqual({ codec: built.cid.codec, dagSize: built.dagSize });
      }),
    );
  });
});

it.each(Object.keys(profiles) as ProfileName[])(
  'builds the same directories as the importer, HAMTs included: %s',
  { tags: ['slow'] },
  async (name) => {
    const profile = profiles[name];
    for (const count of [3, 2400]) {
      const files = Array.from({ length: count }, (_, i) => ({
        path: `${'long-'.repeat(i % 40)}${i}/é${i}`,
        content: noise(i % 50),
      }));
      const flat = files.map(({ path, content }) => ({ path: `root/${path.replace('/', '-')}`, content }));
      const all = await imported(flat, profile);
      const listed = all.filter(({ path }) => path !== 'root');
      const root = rootFromFiles(
        listed.map(({ path, cid, unixfs, size }) => {
          return {
            path: String(path).slice(5),
            size: Number(unixfs?.fileSize() ?? size),
            cid: cid.toString(),
          };
        }),
        name,
      );
      expect(root.cid).toBe(
        all
          .find(({ path }) => path === 'root')
          ?.cid.toV1()
          .toString(),
      );
    }
  },
);

async function imported(files: { path: string; content: Uint8Array }[], profile: ImportProfile) {
  const entries = [];
  const options = {
    cidVersion: profile.cidVersion,
    rawLeaves: profile.rawLeaves,
    reduceSingleLeafToSelf: true,
    leafType: 'file' as const,
    chunker: fixedSize({ chunkSize: profile.chunkSize }),
    layout: balanced({ maxChildrenPerNode: profile.fileLinks }),
    shardSplitStrategy:
      profile.hamtEstimate === 'links' ? ('links-bytes' as const) : ('block-bytes' as const),
    shardSplitThresholdBytes: profile.hamtThreshold,
  };
  for await (const entry of importer(files, new MemoryBlockstore(), options)) entries.push(entry);
  return entries;
}

function chunks(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.max(1, Math.ceil(bytes.length / size)) }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  );
}
