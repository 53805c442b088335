import { sha256 } from '@holdfast/manifest/sha256';
import { createNode, encode, type PBLink } from '@ipld/dag-pb';
import { UnixFS } from 'ipfs-unixfs';
import { CID } from 'multiformats/cid';
import { cidText, parseCid } from '../../src/dag/link-cid.ts';

/** DAGs that no honest importer would make. */
export class DagBuilder {
  readonly blocks = new Map<string, Uint8Array>();

  raw(bytes: Uint8Array | string): string {
    return this.#put('raw', typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes);
  }

  directory(entries: readonly (readonly [name: string, cid: string])[]): string {
    return this.node(new UnixFS({ type: 'directory' }).marshal(), entries);
  }

  shard(
    bitfield: Uint8Array,
    entries: readonly (readonly [name: string, cid: string])[],
    fanout = 256n,
  ): string {
    const data = new UnixFS({ type: 'hamt-sharded-directory', data: bitfield, hashType: 0x22n, fanout });
    return this.node(data.marshal(), entries);
  }

  file(children: readonly (readonly [cid: string, size: bigint])[]): string {
    const data = new UnixFS({ type: 'file', blockSizes: children.map(([, size]) => size) });
    return this.node(
      data.marshal(),
      children.map(([cid]) => ['', cid] as const),
    );
  }

  node(data: Uint8Array, entries: readonly (readonly [name: string, cid: string])[]): string {
    const links = entries.map(([Name, cid]): PBLink => ({ Name, Tsize: 1, Hash: CID.parse(cid) }));
    return this.#put('dag-pb', encode(createNode(data, links)));
  }

  block(codec: 'raw' | 'dag-pb', bytes: Uint8Array): string {
    return this.#put(codec, bytes);
  }

  #put(codec: 'raw' | 'dag-pb', bytes: Uint8Array): string {
    const cid = cidText(codec, sha256(bytes));
    this.blocks.set(cid, bytes);
    return cid;
  }
}

export function binaryCid(cid: string): Uint8Array {
  const { codec, digest } = parseCid(cid);
  return Uint8Array.of(1, codec === 'raw' ? 0x55 : 0x70, 0x12, 32, ...digest);
}
