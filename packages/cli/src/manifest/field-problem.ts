import { createDataset, type Dataset, formatManifest, type Manifest } from '@holdfast/manifest';
import { emptyFile } from './empty-content.ts';
import { manifestProblems } from './manifest-problems.ts';

/** What is wrong with one field, whatever the others become: as a person reads it while they type. */
export function fieldProblem(
  field: 'name' | 'version' | 'description' | 'license',
  value: string,
): string | undefined {
  const dataset: Dataset = {
    ...createDataset(emptyFile, {
      name: 'name',
      version: '1.0.0',
      description: 'Text',
      tier: 'standard',
      license: 'CC0-1.0',
      created: new Date(0),
    }),
    [field]: value,
  };
  const manifest: Manifest = { dataset, signatures: [] };
  const found = manifestProblems('', formatManifest(manifest)).find(
    ({ severity, path }) => severity === 'error' && path === `/dataset/${field}`,
  );
  if (found === undefined) return undefined;
  return found.hint === undefined ? found.message : `${found.message}\n  help: ${found.hint}`;
}
