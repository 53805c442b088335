import { execFile, spawn } from 'node:child_process';
import { createWriteStream, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { promisify } from 'node:util';
import { type Engine, EngineMissing, enginesFolder, engineVersion } from './engine.ts';
import { cacheEntry, engineCache, fillEntry } from './engine-cache.ts';

export interface BuildProgress {
  module: string;
  version: string;
  state: 'building' | 'built';
  seconds: number;
}

export interface BuildOptions {
  env?: NodeJS.ProcessEnv;
  folder?: string;
  /** Called when a build starts, every few seconds while it runs, and when it is done. */
  onProgress?: (progress: BuildProgress) => void;
  signal?: AbortSignal;
}

const oldestGo = [1, 26] as const;

/** Builds the module that brings this engine, and all that the module brings, into the cache. */
export async function buildEngines(engine: Engine, options: BuildOptions = {}): Promise<void> {
  const { env = process.env, folder = enginesFolder } = options;
  const version = engineVersion(engine, folder);
  await requireGo(engine, version, env);
  const started = Date.now();
  const report = (state: BuildProgress['state']) =>
    options.onProgress?.({ module: engine.module, version, state, seconds: (Date.now() - started) / 1000 });
  report('building');
  const ticker = setInterval(() => report('building'), 10_000);
  try {
    const entry = cacheEntry(engine, engineCache(env), folder);
    await fillEntry(
      entry,
      (building) => goBuild(engine, join(folder, engine.module), building, env, options.signal),
      options.signal,
    );
  } finally {
    clearInterval(ticker);
  }
  report('built');
}

async function requireGo(engine: Engine, version: string, env: NodeJS.ProcessEnv): Promise<void> {
  const found = await goVersion(env);
  const [major = 0, minor = 0] = found?.split('.').map(Number) ?? [];
  if (found && (major > oldestGo[0] || (major === oldestGo[0] && minor >= oldestGo[1]))) return;
  throw new EngineMissing(
    engine.name,
    `${engine.name} ${version} has to be built, which needs Go ${oldestGo.join('.')} or newer, but ` +
      `${found ? `Go ${found} is on PATH` : 'no Go is on PATH'}. Install Go from https://go.dev/dl and run "npm run engines" again, ` +
      `or put ${engine.binary} ${version} on PATH, or set ${engine.variable} to the path of that binary.`,
  );
}

async function goVersion(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)('go', ['env', 'GOVERSION'], { env: goEnv(env) });
    return /^go(\d+\.\d+(?:\.\d+)?)/.exec(stdout.trim())?.[1];
  } catch {
    return undefined;
  }
}

async function goBuild(
  engine: Engine,
  module: string,
  target: string,
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<void> {
  const flags = ['-mod=readonly', '-trimpath', '-buildvcs=false', '-ldflags=-s -w'];
  const logFile = join(target, 'build.log');
  const log = createWriteStream(logFile);
  const child = spawn('go', ['build', ...flags, '-o', `${target}/`, 'tool'], {
    cwd: module,
    env: goEnv(env),
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal ? { signal } : {}),
  });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const code = await new Promise<number | null>((done, fail) => {
    child.once('error', fail);
    child.once('close', done);
  });
  log.end();
  await finished(log);
  if (code === 0 && existsSync(join(target, engine.binary))) return;
  const last = readFileSync(logFile, 'utf8').trim().split('\n').slice(-15).join('\n');
  throw new EngineMissing(
    engine.name,
    `"go build" of engines/${engine.module} ended with code ${code} and no ${engine.binary}:\n${last}`,
  );
}

/** The same binary whatever the user's Go settings: no workspace, no other toolchain, no C compiler, no extra flags. */
function goEnv(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...env, GOFLAGS: '', GOWORK: 'off', GOTOOLCHAIN: 'local', CGO_ENABLED: '0' };
}
