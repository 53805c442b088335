import { RepositoryError } from '../objects/error.ts';
import { type ObjectSource, present } from '../objects/object-source.ts';
import { listFiles } from './file-listing.ts';
import { plainFolder } from './glob-base.ts';

/** The bytes of one file as a commit has it; undefined where it has none. A link is refused, and so is more than `maxBytes`. */
export async function fileAt(
  source: ObjectSource,
  commit: string,
  path: string,
  maxBytes: number,
): Promise<Uint8Array | undefined> {
  const plain = plainFolder(path);
  const found = (await listFiles(source, commit, [plain])).find((file) => file.path === plain);
  if (found === undefined) return undefined;
  if (found.mode !== '100644' && found.mode !== '100755')
    throw new RepositoryError('object-malformed', `${plain} expected a file, got a link or a submodule`);
  const size = present(await source.blobSize(found.id), `${plain} (blob ${found.id})`);
  if (size > maxBytes)
    throw new RepositoryError('too-large', `${plain} expected at most ${maxBytes} bytes, got ${size}`);
  return present(await source.blob(found.id, size), `${plain} (blob ${found.id})`);
}
