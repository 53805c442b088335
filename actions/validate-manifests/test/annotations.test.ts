import { readManifest } from '@holdfast/manifest';
import { describe, expect, it } from 'vitest';
import { datasetWith, signed } from '../../../packages/repository/test/dataset.ts';
import { annotationsOf } from '../src/annotations.ts';

const path = 'manifests/tides.json';

function changeOf(files: number) {
  const texts = Object.fromEntries(Array.from({ length: files }, (_, index) => [`${index}.csv`, `${index}`]));
  const after = readManifest(new TextEncoder().encode(signed(datasetWith('tides', '1.0.0', texts), 'alice')));
  if (!after.ok) throw new Error('the manifest is not valid');
  return { kind: 'add', path, after, problems: [] } as const;
}

function problemAt(pointer: string, { after }: ReturnType<typeof changeOf>) {
  const message = `${pointer} is wrong`;
  return {
    code: 'content/different',
    severity: 'error',
    message,
    file: path,
    path: pointer,
    ...after.locate(pointer),
  } as const;
}

describe('problems of files in a long list', () => {
  const change = changeOf(2_000);
  const problems = [900, 1_999].map((index) => problemAt(`/dataset/files/${index}`, change));

  it('are one annotation, where the list begins', () => {
    const [only, ...more] = annotationsOf({ problems, changes: [change] });
    expect(more).toEqual([]);
    expect(only).toMatchObject({ file: path, ...change.after.locate('/dataset/files') });
    expect(only?.message).toBe(
      `line ${problems[0]?.line}: /dataset/files/900 is wrong, and 1 more like it in the list`,
    );
  });

  it('are apart from those of the manifest itself', () => {
    const other = problemAt('/dataset/license', change);
    const found = annotationsOf({ problems: [...problems, other], changes: [change] });
    expect(found.map(({ line }) => line).sort((a = 0, b = 0) => a - b)).toEqual(
      [other.line, change.after.locate('/dataset/files').line].sort((a, b) => a - b),
    );
  });
});

it('a short list has each of its problems where it is', () => {
  const change = changeOf(3);
  const problems = [0, 2].map((index) => problemAt(`/dataset/files/${index}`, change));
  expect(annotationsOf({ problems, changes: [change] })).toMatchObject(
    problems.map(({ line, column, message }) => ({ line, column, message })),
  );
});
