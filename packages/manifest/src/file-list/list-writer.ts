import { utf8 } from '../crypto/bytes.ts';
import { sha256Stream } from '../crypto/sha256-stream.ts';
import { type FileList, fileListFormat } from '../manifest/file-list.ts';
import { type FileEntry, formatFileLine } from './file-line.ts';

/** Writes the lines of a list in parts of about 64 KiB; at the end it has what the manifest needs. */
export class FileListWriter {
  readonly #hash = sha256Stream();
  #count = 0;
  #size = 0;
  #totalSize = 0;

  *write(files: Iterable<FileEntry>): Generator<Uint8Array> {
    let lines: string[] = [];
    let length = 0;
    for (const file of files) {
      const line = formatFileLine(file);
      this.#count++;
      this.#totalSize += file.size;
      lines.push(line);
      length += line.length + 1;
      if (length < 64 * 1024) continue;
      yield this.#part(lines);
      lines = [];
      length = 0;
    }
    if (lines.length > 0) yield this.#part(lines);
  }

  /** `cid` is the list's own, which its writer derives from the same bytes. */
  claims(cid: string): { readonly fileList: FileList; readonly totalSize: number } {
    return {
      fileList: {
        format: fileListFormat,
        count: this.#count,
        size: this.#size,
        sha256: this.#hash.hex(),
        cid,
      },
      totalSize: this.#totalSize,
    };
  }

  #part(lines: readonly string[]): Uint8Array {
    const bytes = utf8(`${lines.join('\n')}\n`);
    this.#hash.update(bytes);
    this.#size += bytes.length;
    return bytes;
  }
}
