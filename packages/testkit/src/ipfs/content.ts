/** The files of a folder by their paths below it. */
export type TestFiles = Readonly<Record<string, string | Uint8Array>>;

/** A body for Kubo's `add`: a single file, or a folder of files whose root is the last line of the answer. */
export function addForm(content: string | Uint8Array | TestFiles): FormData {
  const form = new FormData();
  const files = typeof content === 'string' || content instanceof Uint8Array ? { content } : content;
  // Kubo makes the folders itself when their files come one after the other.
  for (const path of Object.keys(files).sort(byUtf8)) {
    const data = files[path] ?? '';
    const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : new Uint8Array(data);
    form.append('file', new Blob([bytes]), encodeURIComponent(path));
  }
  return form;
}

export function isFolder(content: string | Uint8Array | TestFiles): content is TestFiles {
  return typeof content !== 'string' && !(content instanceof Uint8Array);
}

/** The CID in the last line of the answer to `add`: that of the file, or of the folder around the files. */
export function rootOf(answer: string): string {
  const last = answer.trim().split('\n').at(-1) ?? '';
  const { Hash } = JSON.parse(last) as { Hash?: string };
  if (!Hash) throw new Error(`Kubo's "add" should end with a Hash, but ended with ${last}`);
  return Hash;
}

function byUtf8(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
