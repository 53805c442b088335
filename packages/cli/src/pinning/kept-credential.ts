import { chmod, mkdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { commandPath, escapeText } from '@holdfast/manifest/text';
import { configFolder, neededConfigFolder } from '../frame/config-folder.ts';
import { Misuse } from '../frame/misuse.ts';
import { parsedJson } from '../frame/parsed-json.ts';
import type { Ports } from '../frame/ports.ts';
import { writeWhole } from '../frame/whole-file.ts';
import { keychainOf } from './keychain.ts';
import type { NamedTarget } from './named-targets.ts';

export type CredentialPorts = Pick<Ports, 'cwd' | 'env' | 'signal'>;

/** A credential, and the addresses it may go to: a file that changes its address does not take the credential along. */
interface KeptCredential {
  readonly secret: string;
  readonly places: readonly string[];
}

/** Where a credential is kept, in words. */
export type Keeper = string;

/** The credential that `holdfast login` kept for a target. */
export async function keptCredential(
  target: NamedTarget,
  ports: CredentialPorts,
): Promise<string | undefined> {
  const kept = parsed((await keychainOf(ports).read(target.name)) ?? (await fromFile(target.name, ports)));
  if (kept === undefined) return undefined;
  const others = target.places.filter((place) => !kept.places.includes(originOf(place)));
  if (others.length === 0) return kept.secret;
  throw new Misuse(
    `the credential of ${target.name} was kept for ${kept.places.join(', ')}, and ${escapeText(target.file)} now says ${others.join(', ')}`,
    `if that is right: holdfast login ${commandPath(target.name, 'NAME')}`,
  );
}

/** Keeps a credential in the system's keychain, or in a file that only its owner can read. */
export async function keepCredential(
  target: NamedTarget,
  secret: string,
  where: 'file' | 'keychain',
  ports: CredentialPorts,
): Promise<Keeper> {
  const text = JSON.stringify({ secret, places: target.places.map(originOf) } satisfies KeptCredential);
  const keychain = keychainOf(ports);
  if (where === 'keychain' && (await keychain.write(target.name, text))) {
    await rm(placeOf(target.name, ports), { force: true });
    return keychain.label;
  }
  await keychain.remove(target.name);
  const place = placeOf(target.name, ports);
  await mkdir(dirname(place), { recursive: true, mode: 0o700 });
  await chmod(dirname(place), 0o700);
  await writeWhole(place, `${text}\n`, 0o600);
  return place;
}

/** Removes it wherever it is kept; true if there was one. */
export async function removeCredential(name: string, ports: CredentialPorts): Promise<boolean> {
  const inKeychain = await keychainOf(ports).remove(name);
  const place = placeOf(name, ports);
  const inFile = (await stat(place).catch(() => undefined)) !== undefined;
  await rm(place, { force: true });
  return inKeychain || inFile;
}

/** Where the file of a target's credential is, and whether others on this machine can read it. */
export async function exposedCredential(
  name: string,
  { env }: Pick<Ports, 'env'>,
): Promise<string | undefined> {
  const folder = configFolder(env);
  if (folder === undefined || process.platform === 'win32') return undefined;
  const place = join(folder, 'credentials', name);
  const found = await stat(place).catch(() => undefined);
  return found && found.mode & 0o077 ? place : undefined;
}

function placeOf(name: string, { env }: Pick<Ports, 'env'>): string {
  return join(neededConfigFolder(env), 'credentials', name);
}

async function fromFile(name: string, { env }: Pick<Ports, 'env'>): Promise<string | undefined> {
  const folder = configFolder(env);
  if (folder === undefined) return undefined;
  const place = join(folder, 'credentials', name);
  const exposed = await exposedCredential(name, { env });
  if (exposed !== undefined)
    throw new Misuse(
      `others on this machine can read ${escapeText(exposed)}`,
      `chmod 600 ${commandPath(exposed, 'FILE')}, and change the credential if others may have read it`,
    );
  return readFile(place, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
    return undefined;
  });
}

/** What was kept by hand, or by something else, is not a credential. */
function parsed(text: string | undefined): KeptCredential | undefined {
  if (text === undefined) return undefined;
  const { secret, places } = Object(parsedJson(text)) as Partial<KeptCredential>;
  return typeof secret === 'string' && Array.isArray(places) ? { secret, places } : undefined;
}

const originOf = (place: string) => new URL(place).origin;
