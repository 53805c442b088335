/** An entry of a tree as Git stores it, whether or not Git would let one make it. */
export interface RawEntry {
  /** Segments are separated by `/` and taken as they are: `..`, `.git` and the same name twice are possible. */
  path: string;
  /** As in the object: `100644`, `120000`, `160000`, or anything else. */
  mode?: string;
  content?: string | Uint8Array;
  /** The object's name, for a submodule or an object that is there already. */
  oid?: string;
}

/** Stores an object as it is, without Git's checks, and gives its name. */
export type ObjectWriter = (type: 'blob' | 'tree', bytes: Uint8Array) => Promise<string>;

/** Writes trees byte by byte, which is what an attacker can do as well. Gives the root tree's name. */
export async function writeRawTree(entries: readonly RawEntry[], write: ObjectWriter): Promise<string> {
  const lines: { name: string; mode: string; oid: string }[] = [];
  const folders = new Map<string, RawEntry[]>();
  for (const entry of entries) {
    const slash = entry.path.indexOf('/');
    if (slash < 0) {
      const oid = entry.oid ?? (await write('blob', Buffer.from(entry.content ?? '')));
      lines.push({ name: entry.path, mode: entry.mode ?? '100644', oid });
      continue;
    }
    const folder = entry.path.slice(0, slash);
    const inside = folders.get(folder) ?? [];
    folders.set(folder, [...inside, { ...entry, path: entry.path.slice(slash + 1) }]);
  }
  for (const [name, inside] of folders) {
    lines.push({ name, mode: '40000', oid: await writeRawTree(inside, write) });
  }
  return write('tree', treeBytes(lines));
}

function treeBytes(lines: { name: string; mode: string; oid: string }[]): Uint8Array {
  // Git sorts a folder as if its name ended with a slash.
  const key = (line: { name: string; mode: string }) =>
    Buffer.from(line.mode === '40000' ? `${line.name}/` : line.name);
  const sorted = lines.toSorted((a, b) => Buffer.compare(key(a), key(b)));
  return Buffer.concat(
    sorted.map(({ name, mode, oid }) =>
      Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, 'hex')]),
    ),
  );
}
