import { HashedBytes } from '@holdfast/content';
import { type DatasetFile, ManifestError } from '@holdfast/manifest';
import type { DatasetFiles } from '@holdfast/manifest/files';
import type { Scanner } from './scanner.ts';

/** Where the bytes of a file come from: verified against the CID on the way, never more than `size` of them. */
export type ReadFile = (file: DatasetFile, signal: AbortSignal) => AsyncIterable<Uint8Array>;

export interface ScanPorts {
  readonly scanner: Scanner;
  readonly read: ReadFile;
  readonly signal: AbortSignal;
  readonly onFile?: (file: DatasetFile) => void;
}

/** Clean, or why not; a dataset is clean only when each of its files was read whole and called clean. */
export type DatasetScan =
  | { readonly clean: true; readonly files: number; readonly bytes: number }
  | { readonly clean: false; readonly faults: readonly ScanFault[] };

export interface ScanFault {
  /**
   * - `hit`: the scanner found something
   * - `scanner`: the scanner itself failed
   * - `content`: the file could not be read, or is not the one listed
   */
  readonly kind: 'hit' | 'scanner' | 'content';
  readonly path: string;
  readonly message: string;
}

/** More than the first help a person; ten thousand do not. */
const enoughFaults = 10;
/** Programs at once: a scanner takes a core each. */
const atOnce = 4;

export async function scanDataset(files: DatasetFiles, ports: ScanPorts): Promise<DatasetScan> {
  // The workers take turns: a list of a million files is never held.
  const todo = files[Symbol.asyncIterator]();
  const faults: ScanFault[] = [];
  let bytes = 0;
  const worker = async () => {
    while (faults.length < enoughFaults) {
      const next = await todo.next();
      if (next.done === true) return;
      ports.signal.throwIfAborted();
      const fault = await scanFile(next.value, ports);
      if (fault === undefined) bytes += next.value.size;
      else faults.push(fault);
    }
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, worker));
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    faults.push({ kind: 'content', path: 'its file list', message: error.message });
  } finally {
    await todo.return?.();
  }
  if (faults.length > 0) return { clean: false, faults: faults.sort((a, b) => (a.path < b.path ? -1 : 1)) };
  return { clean: true, files: files.count, bytes };
}

async function scanFile(file: DatasetFile, ports: ScanPorts): Promise<ScanFault | undefined> {
  const { scanner, read, signal, onFile } = ports;
  const { path } = file;
  onFile?.(file);
  try {
    const source = new HashedBytes(read(file, signal));
    const verdict = await scanner.scan(source, signal);
    if (verdict.kind === 'hit')
      return { kind: 'hit', path, message: firstLine(verdict.says) || 'the scanner gave no name' };
    if (verdict.kind === 'failed') {
      const says = firstLine(verdict.says);
      return {
        kind: 'scanner',
        path,
        message: `the scanner ${verdict.reason}${says === '' ? '' : `, saying: ${says}`}`,
      };
    }
    const { sha256, size } = source.seen();
    if (sha256 === file.sha256 && size === file.size) return undefined;
    const message = `its CID holds ${size} bytes with SHA-256 ${sha256}; the manifest lists ${file.size} with ${file.sha256}`;
    return { kind: 'content', path, message };
  } catch (error) {
    signal.throwIfAborted();
    return { kind: 'content', path, message: error instanceof Error ? error.message : String(error) };
  }
}

/** What a scanner prints is text of unknown origin: one line of it is enough. */
function firstLine(says: string): string {
  return (says.split('\n').find((line) => line.trim() !== '') ?? '').trim().slice(0, 200);
}
