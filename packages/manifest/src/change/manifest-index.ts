import { equalBytes } from '../crypto/bytes.ts';
import type { ListSource } from '../file-list/list-source.ts';
import { decodeText } from '../json/decode-text.ts';
import { valueAt } from '../json/schema-drafts.ts';
import { type ReadResult, readManifest } from '../manifest/read-manifest.ts';
import { compareVersions } from '../manifest/version.ts';

/** A manifest at one commit. If its bytes are a function, it is called only when they are needed. */
export interface ManifestFile {
  readonly path: string;
  readonly bytes: Uint8Array | (() => Uint8Array);
  /** Names the bytes, for example a Git blob id: files with the same id are not compared. */
  readonly id?: string | undefined;
  /** The name and version, if the caller knows them: then an unchanged file is never read. */
  readonly identity?: ManifestIdentity | undefined;
  /** The result of `readManifest`, if the caller has it. */
  readonly read?: ReadResult | undefined;
  /** The list of files beside it, if there is one. */
  readonly list?: ListSource | undefined;
}

export interface ManifestIdentity {
  readonly name: string;
  readonly version: string;
}

export function bytesOf(file: ManifestFile): Uint8Array {
  return typeof file.bytes === 'function' ? file.bytes() : file.bytes;
}

/** With the same bytes, and the same list beside it. */
export function isSameFile(a: ManifestFile, b: ManifestFile): boolean {
  if (a.list?.id !== b.list?.id) return false;
  if (a.id !== undefined && b.id !== undefined) return a.id === b.id;
  return equalBytes(bytesOf(a), bytesOf(b));
}

export function readFile(file: ManifestFile, maxBytes: number | undefined): ReadResult {
  return file.read ?? readManifest(bytesOf(file), { file: file.path, maxBytes });
}

/** The name and version of each file. Each blob is parsed once, however many paths it has. */
export class Identities {
  readonly #byId = new Map<string, ManifestIdentity | undefined>();

  /** Without checking the file. Undefined if it is not a manifest; use `readFile` to know that it is valid. */
  of(file: ManifestFile): ManifestIdentity | undefined {
    const { id } = file;
    if (id === undefined) return identityOf(file);
    if (!this.#byId.has(id)) this.#byId.set(id, identityOf(file));
    return this.#byId.get(id);
  }
}

function identityOf(file: ManifestFile): ManifestIdentity | undefined {
  if (file.identity !== undefined) return file.identity;
  if (file.read !== undefined) return file.read.ok ? file.read.manifest.dataset : undefined;
  const decoded = decodeText(bytesOf(file));
  if (!decoded.ok) return undefined;
  try {
    const value: unknown = JSON.parse(decoded.text);
    const [name, version] = [valueAt(value, ['dataset', 'name']), valueAt(value, ['dataset', 'version'])];
    return typeof name === 'string' && typeof version === 'string' ? { name, version } : undefined;
  } catch {
    return undefined;
  }
}

/** The location of each name and version. */
export class ManifestIndex {
  readonly #paths = new Map<string, string[]>();
  readonly #versions = new Map<string, string[]>();
  readonly #latest = new Map<string, string>();

  readonly identities: Identities;

  constructor(files: Iterable<ManifestFile>, identities = new Identities()) {
    this.identities = identities;
    for (const file of files) {
      const identity = identities.of(file);
      if (identity === undefined) continue;
      push(this.#paths, keyOf(identity), file.path);
      const { name, version } = identity;
      push(this.#versions, name, version);
      const latest = this.#latest.get(name);
      if (latest === undefined || compareVersions(latest, version) < 0) this.#latest.set(name, version);
    }
  }

  paths(identity: ManifestIdentity): readonly string[] {
    return this.#paths.get(keyOf(identity)) ?? [];
  }

  /** The location of a file's name and version. */
  pathsOf(file: ManifestFile): readonly string[] {
    const identity = this.identities.of(file);
    return identity === undefined ? [] : this.paths(identity);
  }

  versions(name: string): readonly string[] {
    return this.#versions.get(name) ?? [];
  }

  latestVersion(name: string): string | undefined {
    return this.#latest.get(name);
  }
}

/** The file of the latest version of each name. */
export function indexLatest(
  files: readonly ManifestFile[],
  identities: Identities,
): Map<string, ManifestFile> {
  const latest = new Map<string, ManifestIdentity & { readonly file: ManifestFile }>();
  for (const file of files) {
    const identity = identities.of(file);
    if (identity === undefined) continue;
    const { name, version } = identity;
    const before = latest.get(name);
    if (before === undefined || compareVersions(before.version, version) < 0)
      latest.set(name, { name, version, file });
  }
  return new Map(Array.from(latest.values(), ({ name, file }) => [name, file]));
}

/** The file of each name and version. */
export function indexByIdentity(
  files: readonly ManifestFile[],
  identities: Identities,
): Map<string, ManifestFile> {
  return new Map(
    files.flatMap((file) => {
      const identity = identities.of(file);
      return identity === undefined ? [] : [[keyOf(identity), file] as const];
    }),
  );
}

function keyOf({ name, version }: ManifestIdentity): string {
  return `${name}\n${version}`;
}

function push(map: Map<string, string[]>, key: string, value: string): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}
