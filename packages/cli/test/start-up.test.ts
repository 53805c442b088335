import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { binary } from './support/holdfast.ts';

/** CPU time of a whole process, which waiting for a busy machine does not lengthen. */
function cpuMs(args: readonly string[]): number {
  const report = `process.on('exit',()=>{const u=process.cpuUsage();require('fs').writeSync(3,String((u.user+u.system)/1000))})`;
  const preload = `data:text/javascript,${encodeURIComponent(`import{createRequire}from'module';const require=createRequire('file:///');${report}`)}`;
  const child = spawnSync(process.execPath, ['--import', preload, ...args], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  return Number(child.output[3]);
}

function importsOf(text: string): readonly string[] {
  return [...text.matchAll(/^import .*? from "([^"]+)";$/gm)].map((match) => match[1] ?? '');
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

describe('a Node that is too old', { tags: ['slow'] }, () => {
  const as = (version: string) => {
    const fake = `Object.defineProperty(process,'versions',{value:{...process.versions,node:'${version}'}})`;
    const preload = `data:text/javascript,${encodeURIComponent(fake)}`;
    return spawnSync(process.execPath, ['--import', preload, binary, '--version'], { encoding: 'utf8' });
  };

  it.each(['18.20.8', '20.19.0', '22.17.1'])('%s says so at once, without a stack', (version) => {
    const { status, stderr } = as(version);
    expect({ status, stderr }).toEqual({
      status: 3,
      stderr: expect.stringMatching(
        new RegExp(
          `^holdfast: this is Node ${version.replaceAll('.', '\\.')}, expected 22\\.18 or newer\n  help: .*\n$`,
        ),
      ),
    });
  });

  it.each(['22.18.0', '24.0.0', '100.1.0'])('%s is not', (version) => {
    expect(as(version)).toMatchObject({ status: 0, stderr: '' });
  });

  it('is the same that the package asks for, and nothing else is loaded before it', () => {
    const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
    expect(engines.node).toBe('>=22.18');
    expect(importsOf(readFileSync(binary, 'utf8'))).toEqual(['process']);
  });
});

describe('start-up', { tags: ['slow'] }, () => {
  it('holdfast --help costs at most 2.5 times a bare node -e 0', () => {
    const ratios = Array.from({ length: 15 }, () => cpuMs([binary, '--help']) / cpuMs(['-e', '0']));
    expect(median(ratios)).toBeLessThan(2.5);
  });

  it('--help loads no package, and no command but the one asked for', () => {
    const parts = readFileSync(binary, 'utf8').matchAll(/import\("(\.\/[\w-]+\.js)"\)/g);
    const imported = Array.from(parts, ([, part = '']) =>
      importsOf(readFileSync(new URL(part, `file://${binary}`), 'utf8')),
    ).flat();
    expect(imported).not.toEqual([]);
    for (const name of imported) expect(name).toMatch(/^(node:)?(process|fs|readline|tty|util)$|^\.\/chunk-/);
    const loaded = spawnSync(process.execPath, [binary, '--help'], {
      encoding: 'utf8',
      env: { NODE_DEBUG: 'esm' },
    }).stderr;
    expect(loaded).not.toMatch(/(create|verify|pin|fetch)-[A-Z0-9]+\.js/);
  });
});
