import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { benchmarks } from '../src/benchmarks.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const bench = (...args: string[]) =>
  spawnSync(process.execPath, ['--conditions=@holdfast/source', main, ...args], { encoding: 'utf8' });

describe('the command', () => {
  it('names the benchmarks there are when it is asked for another', () => {
    const { status, stderr } = bench('hash-moon');
    expect(status).toBe(2);
    expect(stderr).toContain('bench: unknown benchmark hash-moon\n');
    for (const { name, says } of benchmarks)
      expect(stderr).toMatch(new RegExp(`^  ${name} +${says.slice(0, 9)}`, 'm'));
  });

  it('says how it is called, when asked and when misused', () => {
    const help = bench('--help');
    expect(help).toMatchObject({
      status: 0,
      stderr: '',
      stdout: expect.stringMatching(/^Usage: npm run bench/),
    });
    const { status, stderr } = bench('--quik');
    expect({ status, trace: stderr.includes('node:internal') }).toEqual({ status: 2, trace: false });
    expect(stderr).toContain("Unknown option '--quik'");
    expect(stderr).toContain('Usage: npm run bench');
  });

  it('refuses a number of runs that is none', () => {
    const { status, stderr } = bench('bundle-size', '--runs', 'many');
    expect(status).toBe(2);
    expect(stderr).toContain('--runs expected a whole number from 1, got many');
  });

  it('prints a table and writes nothing for the quick subset', () => {
    const { status, stdout } = bench('bundle-size', '--quick', '--out', '/nowhere');
    expect(status).toBe(0);
    expect(stdout).toMatch(/\| bundle of validate-manifests \| ≤ 1\.50 MB \| 0\.\d\d MB \| met \|/);
  });
});

it('README names every benchmark, and no other', () => {
  const page = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const named = [...page.matchAll(/^\| `([a-z-]+)`/gm)].map(([, name]) => name);
  expect(named).toEqual(benchmarks.map(({ name }) => name));
});
