import { RepositoryError } from './error.ts';
import type { Commit, EntryMode, TreeEntry } from './object-source.ts';

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const modes: Readonly<Record<string, EntryMode>> = {
  '40000': '040000',
  '100644': '100644',
  '100664': '100644',
  '100755': '100755',
  '120000': '120000',
  '160000': '160000',
};

/** A raw tree object is a sequence of `mode SP name NUL id` (gitformat-tree). Names are not quoted: none can look like two. */
export function parseTree(id: string, bytes: Buffer): TreeEntry[] {
  const width = id.length / 2;
  const entries: TreeEntry[] = [];
  const seen = new Set<string>();
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const nul = bytes.indexOf(0, space);
    const end = nul + 1 + width;
    const mode = space > at ? modes[bytes.toString('latin1', at, space)] : undefined;
    if (nul < 0 || end > bytes.length || mode === undefined) throw malformed('tree', id);
    const name = entryName(bytes.subarray(space + 1, nul));
    if (seen.has(name)) throw malformed('tree', id);
    seen.add(name);
    const entry: TreeEntry = { mode, name, id: bytes.toString('hex', nul + 1, end) };
    entries.push(isOdd(name, nul - space - 1) ? { ...entry, odd: true } : entry);
    at = end;
  }
  return entries;
}

/** The headers of a raw commit object. Its message is not read. */
export function parseCommit(id: string, bytes: Buffer): Commit {
  const headers = bytes.toString('latin1', 0, Math.max(bytes.indexOf('\n\n'), 0)).split('\n');
  const tree = headers[0]?.match(/^tree ([0-9a-f]+)$/)?.[1];
  if (tree === undefined || tree.length !== id.length) throw malformed('commit', id);
  const parents: string[] = [];
  for (const header of headers.slice(1)) {
    const parent = header.match(/^parent ([0-9a-f]+)$/)?.[1];
    if (parent === undefined) break;
    parents.push(parent);
  }
  return { id, tree, parents };
}

function entryName(bytes: Buffer): string {
  try {
    return strict.decode(bytes);
  } catch {
    return bytes
      .toString('latin1')
      .replace(/[^\x20-\x7e]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`);
  }
}

/** Names that git's own checkout refuses, and bytes that are not text. */
function isOdd(name: string, length: number): boolean {
  if (name === '' || name === '.' || name === '..' || name.includes('/') || name.toLowerCase() === '.git')
    return true;
  return Buffer.byteLength(name) !== length;
}

function malformed(kind: string, id: string): RepositoryError {
  return new RepositoryError(
    'object-malformed',
    `${kind} ${id} expected git's object format, got something else; run \`git fsck\` in the clone`,
  );
}
