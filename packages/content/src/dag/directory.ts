import { ContentError } from '../error.ts';
import type { ImportProfile } from '../profile.ts';
import { encodeNode, type Link } from './dag-node.ts';
import { linkCid } from './link-cid.ts';
import { folderData, type LinkTable } from './link-table.ts';

/** A block of the DAG that is not a chunk of a file. */
export interface NodeBlock {
  readonly digest: Uint8Array;
  readonly bytes: Uint8Array;
}

export interface DirectoryPort {
  sha256(bytes: Uint8Array): Uint8Array;
  /** Called for each block of the directory, children before parents. */
  emit?(block: NodeBlock): void;
}

export interface BuiltDirectory {
  readonly digest: Uint8Array;
  readonly dagSize: number;
}

const hamtType = 5;
const murmur3Code = 0x22;
const fanout = 256;
/** Levels of a HAMT: each takes one of the eight bytes of a hash. */
const maxDepth = 8;

/** Builds one directory from its links: a plain node, or a HAMT above the threshold. */
export function buildDirectory(
  table: LinkTable,
  profile: ImportProfile,
  port: DirectoryPort,
): BuiltDirectory {
  if (table.estimate <= profile.hamtThreshold) {
    const order = table.byName();
    order.forEach((index, i) => {
      if (i > 0 && table.compareNames(order[i - 1] as number, index) === 0) throw twice(table, index);
    });
    return seal(
      order.map((index) => table.link(index)),
      folderData,
      port,
    );
  }
  return new Hamt(table, profile, port).build();
}

/** A HAMT from the top down: at each level the names are sorted by one byte of their hash. */
class Hamt {
  readonly #table: LinkTable;
  readonly #profile: ImportProfile;
  readonly #port: DirectoryPort;
  readonly #hashes: Uint32Array;
  readonly #order: Uint32Array;
  readonly #moved: Uint32Array;

  constructor(table: LinkTable, profile: ImportProfile, port: DirectoryPort) {
    this.#table = table;
    this.#profile = profile;
    this.#port = port;
    this.#hashes = table.hashes();
    this.#order = Uint32Array.from({ length: table.count }, (_, index) => index);
    this.#moved = new Uint32Array(table.count);
  }

  build(): BuiltDirectory {
    return this.#shard(0, this.#table.count, 0);
  }

  #shard(from: number, to: number, depth: number): BuiltDirectory {
    if (depth === maxDepth) throw this.#collision(from, to);
    const ends = this.#sort(from, to, depth);
    const links: Link[] = [];
    const bitfield = new Uint8Array(fanout / 8);
    let start = from;
    for (let slot = 0; slot < fanout; slot++) {
      const end = ends[slot] as number;
      if (end === start) continue;
      const at = bitfield.length - 1 - (slot >> 3);
      bitfield[at] = (bitfield[at] ?? 0) | (1 << (slot & 7));
      links.push(this.#link(slot, start, end, depth));
      start = end;
    }
    return seal(links, shardData(bitfield), this.#port);
  }

  #link(slot: number, from: number, to: number, depth: number): Link {
    const label = slot.toString(16).toUpperCase().padStart(2, '0');
    const prefix = Uint8Array.of(label.charCodeAt(0), label.charCodeAt(1));
    if (to - from === 1) return this.#table.link(this.#order[from] as number, prefix);
    const shard = this.#shard(from, to, depth + 1);
    return { name: prefix, cid: linkCid('dag-pb', shard.digest, this.#profile), tsize: shard.dagSize };
  }

  /** Sorts a part of the order by one byte of the hashes, and gives where each value of it ends. */
  #sort(from: number, to: number, depth: number): Uint32Array {
    const ends = new Uint32Array(fanout);
    for (let i = from; i < to; i++) {
      const slot = this.#slot(this.#order[i] as number, depth);
      ends[slot] = (ends[slot] as number) + 1;
    }
    const next = new Uint32Array(fanout);
    let end = from;
    for (let slot = 0; slot < fanout; slot++) {
      next[slot] = end;
      end += ends[slot] as number;
      ends[slot] = end;
    }
    for (let i = from; i < to; i++) {
      const index = this.#order[i] as number;
      const slot = this.#slot(index, depth);
      const at = next[slot] as number;
      this.#moved[at] = index;
      next[slot] = at + 1;
    }
    this.#order.set(this.#moved.subarray(from, to), from);
    return ends;
  }

  #slot(index: number, depth: number): number {
    const half = this.#hashes[2 * index + (depth >> 2)] as number;
    return (half >>> (24 - 8 * (depth & 3))) & 0xff;
  }

  /** Names whose whole hash is equal can be made on purpose; Kubo refuses them as well. */
  #collision(from: number, to: number): ContentError {
    const order = [...this.#order.subarray(from, to)].sort((a, b) => this.#table.compareNames(a, b));
    const [first, second] = order as [number, number];
    if (this.#table.compareNames(first, second) === 0) return twice(this.#table, first);
    const names = order.slice(0, 2).map((index) => shown(this.#table, index));
    const more = order.length > 2 ? ` and ${order.length - 2} more` : '';
    return new ContentError(
      'path-conflict',
      `${names.join(' and ')}${more} cannot be in one folder: their HAMT hashes are equal`,
    );
  }
}

function twice(table: LinkTable, index: number): ContentError {
  return new ContentError(
    'path-conflict',
    `${shown(table, index)} is in its folder twice: as two files, or as a file and a folder`,
  );
}

function shown(table: LinkTable, index: number): string {
  const name = new TextDecoder().decode(table.name(index));
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
}

/** The UnixFS message of a shard. The bitfield is big-endian, without leading zero bytes, as Kubo writes it. */
function shardData(bitfield: Uint8Array): Uint8Array {
  const bits = bitfield.subarray(bitfield.findIndex((byte) => byte !== 0));
  // fanout 256 is the varint 80 02
  return Uint8Array.of(0x08, hamtType, 0x12, bits.length, ...bits, 0x28, murmur3Code, 0x30, 0x80, 0x02);
}

function seal(links: readonly Link[], data: Uint8Array, port: DirectoryPort): BuiltDirectory {
  const bytes = encodeNode(links, data);
  const digest = port.sha256(bytes);
  port.emit?.({ digest, bytes });
  return { digest, dagSize: links.reduce((sum, link) => sum + link.tsize, bytes.length) };
}
