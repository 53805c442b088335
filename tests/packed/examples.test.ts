import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createContext, Script } from 'node:vm';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packedProject } from './packed-project.ts';

const root = join(import.meta.dirname, '../..');
const examples = readdirSync(join(root, 'examples')).filter((name) => name.endsWith('.ts'));
let folder: string;

const run = (name: string, ...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [`${name}.ts`, ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
};
const holdfast = (...args: string[]) =>
  execFileSync(process.execPath, ['node_modules/holdfast/dist/main.js', ...args], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-packed-'));
  packedProject(folder);
  for (const name of examples) copyFileSync(join(root, 'examples', name), join(folder, name));
  mkdirSync(join(folder, 'data'));
  writeFileSync(join(folder, 'data/tides.csv'), 'hour,level\n0,1.2\n');
  mkdirSync(join(folder, 'manifests'));
  holdfast('keygen', 'alice', '-o', 'public-keys');
});
afterAll(() => rmSync(folder, { recursive: true }));

const signed = (): string => run('sign-folder', 'data', 'public-keys/alice.key').stdout;

describe('the examples, in an empty project with the packed packages', () => {
  it.each(examples)('%s has at most fifteen lines', (name) => {
    expect(readFileSync(join(folder, name), 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(15);
  });

  it('have sound types under nodenext, strict', () => {
    const tsc = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect({ status: tsc.status, output: tsc.stdout }).toEqual({ status: 0, output: '' });
  });

  it('sign a folder and verify a folder of manifests', () => {
    writeFileSync(join(folder, 'manifests/tides-v1.0.0.json'), signed());
    expect(run('verify-folder')).toEqual({
      status: 0,
      stdout: 'manifests/tides-v1.0.0.json: signed by alice\n',
      stderr: '',
    });
    writeFileSync(join(folder, 'manifests/tides-v1.0.0.json'), signed().replace('Hourly', 'Daily'));
    expect(run('verify-folder')).toMatchObject({ status: 1, stdout: expect.stringContaining('not signed') });
  });

  it('say what to install before Kubo nodes can be asked', () => {
    writeFileSync(
      join(folder, 'kubo.ts'),
      `import { KuboTarget } from '@holdfast/pinning';
await new KuboTarget({ endpoints: ['http://127.0.0.1:9'] }).inspect();\n`,
    );
    const { status, stderr } = run('kubo');
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringContaining('run `npm install kubo-rpc-client@7`'),
    });
  });

  it('plan and make copies, and say the status in JSON lines', () => {
    expect(run('pin-folder', 'data', 'copies/one', 'copies/two')).toEqual({
      status: 0,
      stdout: expect.stringMatching(/^pin: .+\ntides 1\.0\.0: satisfied, 2 copies/),
      stderr: '',
    });
    const { status, stdout } = run('status-lines', 'copies/one', 'copies/two');
    expect({
      status,
      items: stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    }).toEqual({
      status: 0,
      items: [{ cid: expect.stringMatching(/^baf/), name: 'tides 1.0.0', health: 'healthy', copies: 2 }],
    });
  });

  it('verify a file in a browser, where nothing of Node is', async () => {
    const { outputFiles } = await build({
      entryPoints: [join(folder, 'verify-in-browser.ts')],
      bundle: true,
      format: 'iife',
      globalName: 'page',
      platform: 'browser',
      write: false,
    });
    const { crypto, URL, TextEncoder, TextDecoder } = globalThis;
    const manifest = new TextEncoder().encode(signed());
    const key = readFileSync(join(folder, 'public-keys/alice.pub'), 'utf8');
    const bytes = readFileSync(join(folder, 'data/tides.csv'));
    const context = createContext({ crypto, URL, TextEncoder, TextDecoder, Uint8Array });
    new Script(outputFiles[0]?.text ?? '').runInContext(context);
    const verifyFile = new Script('page.verifyFile').runInContext(context);
    expect(verifyFile(manifest, key, 'tides.csv', new Uint8Array(bytes))).toBe(true);
    expect(verifyFile(manifest, key, 'tides.csv', new Uint8Array(bytes).fill(0))).toBe(false);
  });

  it('stop a commit with a broken manifest', () => {
    const git = (...args: string[]) => execFileSync('git', args, { cwd: folder });
    git('init', '--quiet');
    writeFileSync(join(folder, 'manifests/tides-v1.0.0.json'), signed());
    git('add', 'manifests');
    expect(run('pre-commit')).toEqual({ status: 0, stdout: '', stderr: '' });
    writeFileSync(join(folder, 'manifests/tides-v1.0.0.json'), signed().replace('"license"', '"licence"'));
    git('add', 'manifests');
    const refused = run('pre-commit');
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(
      /^manifests\/tides-v1\.0\.0\.json:\d+:\d+ .*licence.*did you mean "license"\?/m,
    );
  });
});
