import { HashedBytes } from '../hash/hashed-bytes.ts';
import type { BlockOptions } from './block-reader.ts';
import type { BlockSource } from './block-source.ts';
import { readVerified } from './read-verified.ts';

/** What a manifest lists of a file. */
export interface ListedFile {
  readonly size: number;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly cid: string;
}

export interface FileVerdict {
  readonly ok: boolean;
  /** What the CID really holds. */
  readonly size: number;
  readonly sha256: string;
}

export interface VerifyFileOptions extends BlockOptions {
  readonly onBytes?: ((count: number) => void) | undefined;
}

/**
 * Reads a file and holds size and SHA-256 against the list: of a file of several blocks, nothing else ties them to its
 * CID. A file that is larger than listed ends in an error, `too-large`, before it is read.
 */
export async function verifyFile(
  file: ListedFile,
  source: BlockSource,
  options: VerifyFileOptions = {},
): Promise<FileVerdict> {
  const bytes = new HashedBytes(readVerified(file.cid, source, { ...options, maxBytes: file.size }));
  for await (const chunk of bytes) options.onBytes?.(chunk.length);
  const { size, sha256 } = bytes.seen();
  return { ok: size === file.size && sha256 === file.sha256, size, sha256 };
}
