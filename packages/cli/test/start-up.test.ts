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

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

describe('start-up', { tags: ['slow'] }, () => {
  it('holdfast --help costs at most 2.5 times a bare node -e 0', () => {
    const ratios = Array.from({ length: 15 }, () => cpuMs([binary, '--help']) / cpuMs(['-e', '0']));
    expect(median(ratios)).toBeLessThan(2.5);
  });

  it('--help loads no package, and no command but the one asked for', () => {
    const main = readFileSync(binary, 'utf8');
    const imported = [...main.matchAll(/^import .*? from "([^"]+)";$/gm)].map((match) => match[1] ?? '');
    for (const name of imported) expect(name).toMatch(/^(node:)?(process|fs|readline|tty|util)$|^\.\/chunk-/);
    const loaded = spawnSync(process.execPath, [binary, '--help'], {
      encoding: 'utf8',
      env: { NODE_DEBUG: 'esm' },
    }).stderr;
    expect(loaded).not.toMatch(/(create|verify|pin|fetch)-[A-Z0-9]+\.js/);
  });
});
