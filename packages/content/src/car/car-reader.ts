import { sha256 } from '@holdfast/manifest/sha256';
import { CarBufferReader } from '@ipld/car/buffer-reader';
import { joinBytes, sameBytes } from '../bytes.ts';
import { blockKey, blockLinks, decodeCid } from '../dag/block-links.ts';
import { type ContentCid, cidText, contentCid, parseCid } from '../dag/link-cid.ts';
import { varintLength, writeVarint } from '../dag/varint.ts';
import { ContentError } from '../error.ts';
import { limitOf } from '../limit.ts';
import { ByteQueue } from './byte-queue.ts';

/** A block whose bytes have been hashed and found to be what its CID says. */
export interface VerifiedBlock {
  readonly cid: string;
  readonly bytes: Uint8Array;
}

export interface CarLimits {
  /** Of the whole CAR. */
  readonly maxBytes?: number;
  /** Of one block. 2 MiB is what IPFS nodes exchange at most. */
  readonly maxBlockBytes?: number;
  readonly signal?: AbortSignal;
}

export interface ReadCarOptions extends CarLimits {
  /** The root it must have; by default the one that its header names. */
  readonly root?: string;
}

export const defaultMaxBlockBytes = 2 * 1024 * 1024;
const maxHeaderBytes = 4096;
const maxCidBytes = 64;

/**
 * The blocks of a CARv1, each hashed before it is given. What follows from all of them together, that nothing
 * below the root is missing and nothing else is there, is known at the end: until then it only throws later.
 */
export async function* readCar(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: ReadCarOptions = {},
): AsyncGenerator<VerifiedBlock, void> {
  const frames = new CarFrames(source, options);
  try {
    yield* verifiedBlocks(frames, options.root);
  } finally {
    await frames.close();
  }
}

async function* verifiedBlocks(
  frames: CarFrames,
  expected: string | undefined,
): AsyncGenerator<VerifiedBlock, void> {
  const root = expectedRoot(await frames.header(), expected);
  const arrived = new Set<string>();
  const wanted = new Map<string, ContentCid>([[blockKey(root), root]]);

  for await (const { cid, bytes } of frames.blocks()) {
    const key = blockKey(cid);
    if (!arrived.has(key)) {
      arrived.add(key);
      for (const link of blockLinks(cid, bytes)) wanted.set(blockKey(link), link);
    }
    yield { cid: cidText(cid.codec, cid.digest), bytes };
  }

  for (const [key, cid] of wanted) {
    if (!arrived.has(key)) throw absent(cid);
  }
  checkReferenced(arrived, wanted);
}

function absent({ codec, digest }: ContentCid): ContentError {
  const cid = cidText(codec, digest);
  return new ContentError('block-missing', `the CAR ended without block ${cid}, which it refers to`, {
    subject: cid,
  });
}

function checkReferenced(arrived: ReadonlySet<string>, wanted: ReadonlyMap<string, ContentCid>): void {
  for (const key of arrived) {
    if (wanted.has(key)) continue;
    const digest = Uint8Array.from(key.slice(1), (char) => char.charCodeAt(0));
    const cid = cidText(key.startsWith('r') ? 'raw' : 'dag-pb', digest);
    throw new ContentError(
      'block-unreferenced',
      `the CAR has block ${cid}, which nothing below its root refers to`,
      {
        subject: cid,
      },
    );
  }
}

function expectedRoot(roots: readonly ContentCid[], expected: string | undefined): ContentCid {
  const [root] = roots;
  if (root === undefined || roots.length !== 1) throw malformed(`expected one root, got ${roots.length}`);
  if (expected !== undefined && blockKey(parseCid(expected)) !== blockKey(root)) {
    throw malformed(`expected root ${expected}, got ${cidText(root.codec, root.digest)}`);
  }
  return root;
}

export interface Frame {
  readonly cid: ContentCid;
  readonly bytes: Uint8Array;
  /** Where the next one begins. */
  readonly end: number;
}

/** The sections of a CAR, each block hashed, no order assumed. */
export class CarFrames {
  readonly #queue: ByteQueue;
  readonly #maxBlockBytes: number;

  constructor(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, limits: CarLimits = {}) {
    const maxBytes = limitOf('maxBytes', limits.maxBytes, Number.POSITIVE_INFINITY);
    this.#queue = new ByteQueue(source, maxBytes, limits.signal);
    this.#maxBlockBytes = limitOf('maxBlockBytes', limits.maxBlockBytes, defaultMaxBlockBytes);
  }

  async header(): Promise<ContentCid[]> {
    const length = await this.#varint();
    if (length === undefined) throw truncated('before its header');
    if (length === 0 || length > maxHeaderBytes)
      throw malformed(`expected a header of 1 to ${maxHeaderBytes} bytes, got ${length}`);
    const prefix = new Uint8Array(varintLength(length));
    writeVarint(prefix, 0, length);
    const header = await this.#exactly(length, 'in its header');
    try {
      const reader = CarBufferReader.fromBytes(joinBytes([prefix, header]));
      if (reader.version !== 1) throw malformed(`expected CAR version 1, got ${reader.version}`);
      return reader.getRoots().map((cid) => contentCid(cid));
    } catch (cause) {
      if (cause instanceof ContentError) throw cause;
      throw malformed(`expected a CARv1 header: ${(cause as Error).message}`, cause);
    }
  }

  async *blocks(): AsyncGenerator<Frame, void> {
    try {
      for (;;) {
        const frame = await this.#frame();
        if (frame === undefined) return;
        yield frame;
      }
    } finally {
      await this.close();
    }
  }

  /** Lets go of the source, however far it was read. */
  async close(): Promise<void> {
    await this.#queue.close();
  }

  /** Where the header or the last block ended. */
  get position(): number {
    return this.#queue.position;
  }

  async #frame(): Promise<Frame | undefined> {
    const length = await this.#varint();
    if (length === undefined) return undefined;
    if (length > this.#maxBlockBytes + maxCidBytes) throw tooLarge(length - maxCidBytes, this.#maxBlockBytes);
    const section = await this.#exactly(length, 'in a block');
    const { cid, length: cidLength } = decodeCid(section);
    const bytes = section.subarray(cidLength);
    if (bytes.length > this.#maxBlockBytes) throw tooLarge(bytes.length, this.#maxBlockBytes);
    verifyBlock(cid, bytes);
    return { cid, bytes, end: this.#queue.position };
  }

  async #exactly(length: number, where: string): Promise<Uint8Array> {
    const bytes = await this.#queue.take(length);
    if (bytes === undefined) throw truncated(where);
    return bytes;
  }

  async #varint(): Promise<number | undefined> {
    let value = 0;
    for (let shift = 1, i = 0; i < 5; i++, shift *= 0x80) {
      const byte = (await this.#queue.take(1))?.[0];
      if (byte === undefined) {
        if (i === 0) return undefined;
        throw truncated('in a length');
      }
      value += (byte & 0x7f) * shift;
      if (byte < 0x80) return value;
    }
    throw malformed('expected a length of at most 5 bytes');
  }
}

/** Throws unless the bytes are the ones that the CID names. */
export function verifyBlock(cid: ContentCid, bytes: Uint8Array): void {
  const digest = sha256(bytes);
  if (sameBytes(digest, cid.digest)) return;
  const expected = cidText(cid.codec, cid.digest);
  throw new ContentError(
    'block-mismatch',
    `block ${expected} expected its own bytes, got those of ${cidText(cid.codec, digest)}`,
    {
      subject: expected,
    },
  );
}

function tooLarge(length: number, limit: number): ContentError {
  return new ContentError(
    'block-too-large',
    `expected blocks of at most ${limit} bytes, got one of ${length}`,
  );
}

function truncated(where: string): ContentError {
  return new ContentError('car-truncated', `the CAR ended ${where}`);
}

function malformed(message: string, cause?: unknown): ContentError {
  return new ContentError(
    'car-malformed',
    `the CAR is malformed: ${message}`,
    cause === undefined ? {} : { cause },
  );
}
