import { readFile } from 'node:fs/promises';
import { Manifest, readManifest } from '@holdfast/manifest';
import { problemCatalogue } from '@holdfast/manifest/internal';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { generatedFiles } from '../scripts/generated-files.ts';
import { bytes } from './sample.ts';
import { vectors } from './vectors.ts';

const root = new URL('../../../', import.meta.url);

test.each(generatedFiles())('$path is what the code generates', async ({ path, text }) => {
  expect(await readFile(new URL(path, root), 'utf8')).toBe(text);
});

test('every code that the source names is in the catalogue, and every code of it is named', async () => {
  const { glob } = await import('node:fs/promises');
  const known = new Set(Object.keys(problemCatalogue));
  let source = '';
  for await (const path of glob('{packages,actions}/*/src/**/*.ts', { cwd: root.pathname })) {
    if (!path.endsWith('problem/catalogue.ts')) source += await readFile(new URL(path, root), 'utf8');
  }
  const built = ['json/byte-order-mark', 'json/not-utf-8'];
  const areas = ['missing-field', 'unknown-field', 'wrong-type', 'invalid-value', 'duplicate-signature'];
  for (const code of known) {
    const byArea = /^(manifest|policy|targets)\//.test(code) && areas.includes(code.split('/')[1] ?? '');
    expect(built.includes(code) || byArea || source.includes(`'${code}'`), code).toBe(true);
  }
});

function schema(path: string): object {
  const file = generatedFiles().find((one) => one.path.endsWith(path));
  return JSON.parse(file?.text ?? '') as object;
}

describe.each([
  ['2020-12', new Ajv2020({ strict: false }).compile(schema('/manifest-1.schema.json'))],
  ['draft-07', new Ajv({ strict: false }).compile(schema('/manifest-1.draft-07.schema.json'))],
])('the JSON Schema of %s', (_, validate) => {
  test.each(vectors<{ name: string; text: string }>('manifests'))('takes $name', ({ text }) => {
    expect(validate(JSON.parse(text)), JSON.stringify(validate.errors)).toBe(true);
    expect(Manifest.safeParse(JSON.parse(text)).success).toBe(true);
  });

  const readable = vectors<{ name: string; text?: string; codes: string[] }>('hostile-manifests').filter(
    ({ codes }) => codes.some((code) => ['manifest/missing-field', 'manifest/wrong-type'].includes(code)),
  );
  test.each(readable)('refuses $name, as zod does', ({ text = '' }) => {
    expect(validate(JSON.parse(text))).toBe(false);
    expect(Manifest.safeParse(JSON.parse(text)).success).toBe(false);
  });

  test('never refuses what the reader takes', () => {
    const texts = [
      ...vectors<{ text?: string }>('hostile-manifests'),
      ...vectors<{ text?: string }>('manifests'),
    ];
    for (const { text = '' } of texts) {
      const read = readManifest(bytes(text));
      if (read.ok) expect(validate(read.manifest), JSON.stringify(validate.errors)).toBe(true);
    }
  });

  test('describes every field', () => {
    const undescribed: string[] = [];
    const walk = (node: unknown, at: string) => {
      const {
        properties = {},
        items,
        description,
      } = node as { properties?: object; items?: unknown; description?: string };
      for (const [name, member] of Object.entries(properties)) walk(member, `${at}/${name}`);
      if (items !== undefined) walk(items, `${at}[]`);
      if (description === undefined && !at.endsWith('[]')) undescribed.push(at);
    };
    walk(schema('/manifest-1.schema.json'), '');
    walk(schema('/policy-1.schema.json'), '');
    expect(undescribed).toEqual([]);
  });
});
