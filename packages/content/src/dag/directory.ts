import { ContentError } from '../error.ts';
import type { ImportProfile } from '../profile.ts';
import { dataLength, encodeNode, type Link, linkLength } from './dag-node.ts';
import { linkCid } from './link-cid.ts';
import { murmur3 } from './murmur3.ts';

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

const directoryData = Uint8Array.of(0x08, 0x01);
const hamtType = 5;
const murmur3Code = 0x22;

/** Builds one directory from its links, which are in byte order of their names: a plain node, or a HAMT above the threshold. */
export function buildDirectory(
  links: readonly Link[],
  profile: ImportProfile,
  port: DirectoryPort,
): BuiltDirectory {
  if (estimate(links, profile) <= profile.hamtThreshold) return seal(links, directoryData, port);
  const slots = links.map((link) => ({ link, hash: murmur3(link.name) }));
  return buildShard(slots, 0, profile, port);
}

function estimate(links: readonly Link[], profile: ImportProfile): number {
  let size = 0;
  if (profile.hamtEstimate === 'links') {
    for (const link of links) size += link.name.length + link.cid.length;
    return size;
  }
  for (const link of links) size += linkLength(link.cid.length, link.name.length, link.tsize);
  return size + dataLength(directoryData.length);
}

interface Slot {
  readonly link: Link;
  readonly hash: Uint8Array;
}

/** One shard: a fanout of 256 takes exactly one byte of the hash a level. */
function buildShard(
  slots: readonly Slot[],
  depth: number,
  profile: ImportProfile,
  port: DirectoryPort,
): BuiltDirectory {
  const buckets = new Map<number, Slot[]>();
  for (const slot of slots) {
    const index = slot.hash[depth];
    if (index === undefined) throw collision(slots);
    const bucket = buckets.get(index);
    if (bucket === undefined) buckets.set(index, [slot]);
    else bucket.push(slot);
  }

  const links: Link[] = [];
  const bitfield = new Uint8Array(profile.hamtFanout / 8);
  for (let index = 0; index < profile.hamtFanout; index++) {
    const bucket = buckets.get(index);
    if (bucket === undefined) continue;
    const at = bitfield.length - 1 - (index >> 3);
    bitfield[at] = (bitfield[at] ?? 0) | (1 << (index & 7));
    links.push(shardLink(index, bucket, depth, profile, port));
  }
  return seal(links, shardData(bitfield), port);
}

/** Names whose whole hash is equal can be made on purpose; Kubo refuses them as well. */
function collision(slots: readonly Slot[]): ContentError {
  const names = slots.map(({ link }) => shortened(new TextDecoder().decode(link.name)));
  const more = names.length > 2 ? ` and ${names.length - 2} more` : '';
  return new ContentError(
    'path-conflict',
    `${names.slice(0, 2).join(' and ')}${more} cannot be in one folder: their HAMT hashes are equal`,
  );
}

function shortened(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
}

function shardLink(
  index: number,
  bucket: readonly Slot[],
  depth: number,
  profile: ImportProfile,
  port: DirectoryPort,
): Link {
  const label = index.toString(16).toUpperCase().padStart(2, '0');
  const prefix = Uint8Array.of(label.charCodeAt(0), label.charCodeAt(1));
  const [only] = bucket;
  if (bucket.length === 1 && only !== undefined) {
    const name = new Uint8Array(2 + only.link.name.length);
    name.set(prefix);
    name.set(only.link.name, 2);
    return { ...only.link, name };
  }
  const shard = buildShard(bucket, depth + 1, profile, port);
  return { name: prefix, cid: linkCid('dag-pb', shard.digest, profile), tsize: shard.dagSize };
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
