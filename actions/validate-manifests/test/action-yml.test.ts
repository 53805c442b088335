import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readInputs } from '@holdfast/action-kit';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { withTables } from '../../../packages/action-kit/scripts/readme-tables.ts';
import { standIn } from '../../../packages/action-kit/test/runner-stand-in.ts';
import { definitions } from '../src/inputs.ts';

const read = (name: string) => readFileSync(join(import.meta.dirname, '..', name), 'utf8');
const metadata = parse(read('action.yml'));

describe('action.yml', () => {
  it('declares the inputs that are read, with the defaults that are read', () => {
    expect(Object.keys(metadata.inputs).sort()).toEqual(Object.keys(definitions).sort());
    const given = Object.fromEntries(
      Object.entries<{ default: string }>(metadata.inputs).map(([name, input]) => [
        `INPUT_${name.toUpperCase()}`,
        String(input.default),
      ]),
    );
    const token = { 'INPUT_GITHUB-TOKEN': '' };
    const declared = readInputs(definitions, standIn({ ...given, ...token }).runner);
    expect(declared).toEqual(readInputs(definitions, standIn().runner));
  });

  it('describes everything, and runs the bundle on Node 24', () => {
    for (const part of [
      ...Object.values<{ description: string }>(metadata.inputs),
      ...Object.values<{ description: string }>(metadata.outputs),
    ]) {
      expect(part.description.length).toBeGreaterThan(10);
    }
    expect(metadata.runs).toEqual({ using: 'node24', main: 'dist/index.cjs' });
  });

  it('is what the tables of the README say', () => {
    expect(withTables(read('README.md'), metadata)).toBe(read('README.md'));
  });

  it('is asked for no more in the README than the workflow of this repository has', () => {
    const blocks = [...read('README.md').matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml = '']) =>
      parse(yaml),
    );
    expect(blocks).toHaveLength(2);
    expect(blocks[0].jobs.validate.permissions).toEqual({ contents: 'read' });
    for (const { permissions, jobs } of blocks) {
      expect(permissions).toEqual({});
      for (const { with: given = {}, uses } of jobs.validate.steps) {
        if (String(uses).includes('validate-manifests')) {
          for (const name of Object.keys(given)) expect(Object.keys(definitions)).toContain(name);
        }
      }
    }
  });
});
