import { execFile } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import {
  type Engine,
  EngineMissing,
  type EngineName,
  engines,
  enginesFolder,
  engineVersion,
} from './engine.ts';
import { type BuildProgress, buildEngines } from './engine-build.ts';
import { cacheEntry, engineCache } from './engine-cache.ts';

export interface FindOptions {
  /** Build the engine with Go where it is missing. Takes minutes, so tests leave it to `npm run engines`. */
  build?: boolean;
  env?: NodeJS.ProcessEnv;
  /** The folder of Go modules, if not the repository's own. */
  folder?: string;
  onProgress?: (progress: BuildProgress) => void;
  signal?: AbortSignal;
}

/** The path of an engine's binary, in the version that `engines/` asks for, or in a supported one that a variable names. */
export async function findEngine(name: EngineName, options: FindOptions = {}): Promise<string> {
  const { env = process.env, folder = enginesFolder } = options;
  const engine = engines[name];
  const found =
    (await fromVariable(engine, env, folder)) ??
    (await fromPath(engine, env, folder)) ??
    fromCache(engine, env, folder);
  if (found) return found;
  if (!options.build) throw new EngineMissing(name, missingMessage(engine, engineVersion(engine, folder)));
  await buildEngines(engine, { ...options, env, folder });
  return join(cacheEntry(engine, engineCache(env), folder), engine.binary);
}

function fromCache(engine: Engine, env: NodeJS.ProcessEnv, folder: string): string | undefined {
  const binary = join(cacheEntry(engine, engineCache(env), folder), engine.binary);
  return existsSync(binary) ? binary : undefined;
}

/** Somebody who names a binary wants that one: a wrong version is an error, not a reason to look on. */
async function fromVariable(
  engine: Engine,
  env: NodeJS.ProcessEnv,
  folder: string,
): Promise<string | undefined> {
  const named = env[engine.variable];
  if (!named) return undefined;
  const binary = resolve(named);
  const supported = [engineVersion(engine, folder), ...(engine.alsoSupported ?? [])];
  const version = await binaryVersion(binary);
  if (version && supported.includes(version)) return binary;
  const came = existsSync(binary)
    ? version
      ? `is version ${version}`
      : 'does not say its version'
    : 'does not exist';
  throw new EngineMissing(
    engine.name,
    `${engine.variable} should name ${engine.binary} ${supported.join(' or ')}, but ${binary} ${came}. ` +
      `Point it to the right binary, or unset it and run "npm run engines".`,
  );
}

async function fromPath(engine: Engine, env: NodeJS.ProcessEnv, folder: string): Promise<string | undefined> {
  const wanted = engineVersion(engine, folder);
  for (const place of (env.PATH ?? '').split(delimiter)) {
    const binary = join(place, engine.binary);
    if (place && isFile(binary) && (await binaryVersion(binary)) === wanted) return binary;
  }
  return undefined;
}

/** The version a binary says it is. */
export async function binaryVersion(binary: string): Promise<string | undefined> {
  try {
    const { stdout, stderr } = await promisify(execFile)(binary, ['--version'], {
      timeout: 10_000,
      env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent' },
    });
    return /\b(\d+\.\d+\.\d+(?:-[0-9a-z.]+)?)\b/.exec(stdout || stderr)?.[1];
  } catch {
    return undefined;
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function missingMessage(engine: Engine, version: string): string {
  return (
    `${engine.name} is not here: expected ${engine.binary} ${version} in the build cache or on PATH. ` +
    `Run "npm run engines" once (it builds it with Go 1.26 or newer), or set ${engine.variable} to the path of that binary.`
  );
}
