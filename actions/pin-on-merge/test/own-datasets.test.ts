import { readdirSync, readFileSync } from 'node:fs';
import { verifyFolder } from '@holdfast/content';
import { evaluateTrust, loadTrust, readManifest } from '@holdfast/manifest';
import { describe, expect, it } from 'vitest';

const root = new URL('../../../', import.meta.url).pathname;
const bytesOf = (path: string) => new Uint8Array(readFileSync(`${root}${path}`));
const manifests = readdirSync(`${root}manifests`).filter((name) => name.endsWith('.json'));
const { trust } = loadTrust(
  readdirSync(`${root}public-keys`).map((path) => ({ path, bytes: bytesOf(`public-keys/${path}`) })),
);

describe("this repository's own datasets", () => {
  it('are as many as there are folders of content', () => {
    const folders = readdirSync(`${root}datasets`, { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    expect(folders.length).toBe(manifests.length);
    expect(manifests.length).toBeGreaterThanOrEqual(3);
  });

  it.each(manifests)('%s is sound, trusted and has its content here', async (name) => {
    const read = readManifest(bytesOf(`manifests/${name}`));
    if (!read.ok) throw new Error(JSON.stringify(read.problems));
    expect(read.problems).toEqual([]);
    expect(evaluateTrust({ path: `manifests/${name}`, manifest: read.manifest }, trust, 'merged').ok).toBe(
      true,
    );
    const { dataset } = read.manifest;
    expect(dataset).toMatchObject({ license: 'CC0-1.0', repository: 'holdfast-data/holdfast' });
    const listed = { ...dataset, files: dataset.files ?? [] };
    expect(await verifyFolder(`${root}datasets/${dataset.name}`, listed)).toMatchObject({ ok: true });
  });
});
