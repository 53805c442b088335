import { readManifest } from '@holdfast/manifest';

const text = `{
  "dataset": { "name": "tides", "licence": "CC-BY-4.0" },
  "signatures": []
}`;
const read = readManifest(new TextEncoder().encode(text), { file: 'manifests/tides.json' });
if (!read.ok) {
  const found = read.problems.find(({ code }) => code === 'manifest/unknown-field');
  console.log(`${found?.file}:${found?.line}:${found?.column} ${found?.message}; ${found?.hint}`);
  // prints: manifests/tides.json:2:33 dataset has no field "licence"; did you mean "license"?
}
