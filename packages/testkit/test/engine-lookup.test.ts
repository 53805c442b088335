import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cacheEntry, engineCache } from '../src/engines/engine-cache.ts';
import { type BuildProgress, engines, engineVersion, findEngine } from '../src/index.ts';
import { removeFolder, temporaryFolder } from '../src/processes/temporary-folder.ts';

let root: string;
let env: Record<string, string>;
const modules = () => join(root, 'engines');

function program(folder: string, name: string, script: string): string {
  mkdirSync(join(root, folder), { recursive: true });
  const file = join(root, folder, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

function module(name: string, requirement: string): void {
  mkdirSync(join(modules(), name), { recursive: true });
  writeFileSync(
    join(modules(), name, 'go.mod'),
    `module test\n\ngo 1.26\n\nrequire (\n\t${requirement}\n)\n`,
  );
  writeFileSync(join(modules(), name, 'go.sum'), 'sums\n');
}

/** A `go` that tells its version and, for a build, notes how it was called and writes the binary. */
function fakeGo(
  version: string,
  build = 'printf "#!/bin/sh\\necho ipfs version 1.2.3\\n" > "$out/ipfs"; /bin/chmod +x "$out/ipfs"',
) {
  program(
    'go',
    'go',
    `if [ "$1" = env ]; then echo go${version}; exit; fi
echo "$* $GOFLAGS $GOWORK $GOTOOLCHAIN $CGO_ENABLED" >> "${root}/builds"
while [ $# -gt 0 ]; do if [ "$1" = -o ]; then out=$2; fi; shift; done
${build}`,
  );
  env.PATH = [join(root, 'go'), join(root, 'bin')].join(delimiter);
}

const find = (options: { build?: boolean; onProgress?: (progress: BuildProgress) => void } = {}) =>
  findEngine('kubo', { env, folder: modules(), ...options });
const builds = () =>
  existsSync(join(root, 'builds')) ? readFileSync(join(root, 'builds'), 'utf8').trim().split('\n') : [];

beforeEach(() => {
  root = temporaryFolder();
  env = {
    PATH: join(root, 'bin'),
    HOME: join(root, 'home'),
    XDG_CACHE_HOME: join(root, 'cache'),
    GOFLAGS: '-mod=mod',
  };
  module('kubo', 'github.com/ipfs/kubo v1.2.3');
});
afterEach(() => removeFolder(root));

describe('findEngine', () => {
  it('takes the binary that the variable names, and no other version', async () => {
    env.HOLDFAST_KUBO = program('mine', 'ipfs', 'echo ipfs version 1.2.3');
    expect(await find()).toBe(env.HOLDFAST_KUBO);
    program('bin', 'ipfs', 'echo ipfs version 1.2.3');
    env.HOLDFAST_KUBO = program('mine', 'old', 'echo ipfs version 1.2.30');
    await expect(find()).rejects.toThrow(
      /HOLDFAST_KUBO should name ipfs 1\.2\.3, but .*old is version 1\.2\.30\. Point it to the right binary, or unset it/,
    );
    env.HOLDFAST_KUBO = program('mine', 'mute', 'exit 1');
    await expect(find()).rejects.toThrow('does not say its version');
    env.HOLDFAST_KUBO = join(root, 'nowhere');
    await expect(find()).rejects.toThrow('does not exist');
  });

  it('takes an older version that is supported too, where the variable names it', async () => {
    module('ipfs-cluster', 'github.com/ipfs-cluster/ipfs-cluster v1.1.6');
    const service = (folder: string, version: string) =>
      program(folder, 'ipfs-cluster-service', `echo ipfs-cluster-service version ${version}`);
    const findService = () => findEngine('cluster-service', { env, folder: modules() });
    service('bin', '1.0.8');
    await expect(findService()).rejects.toThrow('expected ipfs-cluster-service 1.1.6');
    env.HOLDFAST_CLUSTER_SERVICE = service('mine', '1.0.8');
    expect(await findService()).toBe(env.HOLDFAST_CLUSTER_SERVICE);
    env.HOLDFAST_CLUSTER_SERVICE = service('mine', '1.0.7');
    await expect(findService()).rejects.toThrow('should name ipfs-cluster-service 1.1.6 or 1.0.8, but');
  });

  it('takes from PATH the first of the right version', async () => {
    program('other', 'ipfs', 'echo ipfs version 1.2.4-rc1');
    const right = program('bin', 'ipfs', 'echo ipfs version 1.2.3');
    env.PATH = [join(root, 'absent'), join(root, 'other'), join(root, 'bin')].join(delimiter);
    expect(await find()).toBe(right);
  });

  it('says how to get an engine that is nowhere', async () => {
    await expect(find()).rejects.toThrow(
      'kubo is not here: expected ipfs 1.2.3 in the build cache or on PATH. Run "npm run engines" once ' +
        '(it builds it with Go 1.26 or newer), or set HOLDFAST_KUBO to the path of that binary.',
    );
    await expect(find()).rejects.toMatchObject({ name: 'EngineMissing', engine: 'kubo' });
    await expect(find({ build: true })).rejects.toThrow(
      /needs Go 1\.26 or newer, but no Go is on PATH\. Install Go from/,
    );
    fakeGo('1.25.9');
    await expect(find({ build: true })).rejects.toThrow('but Go 1.25.9 is on PATH');
  });

  it('builds what is missing, once, and finds it in the cache from then on', async () => {
    fakeGo('1.26.0');
    const progress: string[] = [];
    const onProgress = ({ module, version, state }: BuildProgress) =>
      progress.push(`${module} ${version} ${state}`);
    const [first, second] = await Promise.all([find({ build: true, onProgress }), find({ build: true })]);
    expect(second).toBe(first);
    expect(first?.startsWith(join(root, 'cache', 'holdfast', 'engines', 'kubo-1.2.3-'))).toBe(true);
    expect(await find()).toBe(first);
    expect(progress).toEqual(['kubo 1.2.3 building', 'kubo 1.2.3 built']);
    expect(builds()).toHaveLength(1);
    // Whatever the user's own Go settings are.
    expect(builds()[0]).toMatch(
      /^build -mod=readonly -trimpath -buildvcs=false -ldflags=-s -w -o \S+\/ tool {2}off local 0$/,
    );
    expect(readdirSync(engineCache(env))).toHaveLength(1);
  });

  it('builds again when the module changes', async () => {
    fakeGo('1.27.1');
    const first = await find({ build: true });
    writeFileSync(join(modules(), 'kubo', 'go.sum'), 'other sums\n');
    await expect(find()).rejects.toThrow('kubo is not here');
    expect(await find({ build: true })).not.toBe(first);
    mkdirSync(join(modules(), 'kubo', 'patched'));
    writeFileSync(join(modules(), 'kubo', 'patched', 'a.go'), 'package a\n');
    expect(await find({ build: true })).not.toBe(first);
    expect(builds()).toHaveLength(3);
  });

  it('leaves nothing half-built when a build fails, and tells the end of its output', async () => {
    fakeGo('1.26.0', 'echo "no space left" >&2; exit 1');
    await expect(find({ build: true })).rejects.toThrow(
      /"go build" of engines\/kubo ended with code 1 .*\nno space left$/,
    );
    expect(readdirSync(engineCache(env))).toEqual([]);
    fakeGo('1.26.0', 'exit 0');
    await expect(find({ build: true })).rejects.toThrow('and no ipfs');
    fakeGo('1.26.0');
    await find({ build: true });
  });

  it('takes over the lock of a builder that died, and removes what it left', async () => {
    fakeGo('1.26.0');
    const entry = cacheEntry(engines.kubo, engineCache(env), modules());
    mkdirSync(engineCache(env), { recursive: true });
    writeFileSync(`${entry}.lock`, JSON.stringify({ pid: process.pid, startTime: '1' }));
    mkdirSync(`${entry}.building-0badcafe`);
    writeFileSync(join(`${entry}.building-0badcafe`, 'ipfs'), 'half');
    await find({ build: true });
    expect(readdirSync(engineCache(env))).toEqual([basename(entry)]);
  });

  it('keeps the cache where the variables say', () => {
    expect(engineCache({ HOLDFAST_ENGINES_DIR: '/e', XDG_CACHE_HOME: '/x', HOME: '/h' })).toBe('/e');
    expect(engineCache({ XDG_CACHE_HOME: '/x', HOME: '/h' })).toBe('/x/holdfast/engines');
    expect(engineCache({ HOME: '/h' })).toBe('/h/.cache/holdfast/engines');
  });
});

describe('engineVersion', () => {
  it('is what go.mod requires of each engine', () => {
    for (const engine of Object.values(engines)) expect(engineVersion(engine)).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it('complains when go.mod has no such requirement', () => {
    module('kubo', 'github.com/ipfs/boxo v1.0.0');
    expect(() => engineVersion(engines.kubo, modules())).toThrow(
      'requires no version of github.com/ipfs/kubo',
    );
  });
});
