import { countFiles } from '@holdfast/manifest/files';
import { bytes, count, escapeText } from '@holdfast/manifest/text';
import { defineCommand } from '../frame/command.ts';
import { exitCode } from '../frame/exit-code.ts';
import { trustFrom } from '../keys/trust-folder.ts';
import { manifestsOfWorkTree } from '../manifest/dataset-name.ts';

export const list = defineCommand({
  operands: '',
  arity: [0, 0],
  flags: {},
  about:
    'Shows the manifests below the folder manifests, whether committed or not. Each NAME@VERSION can stand for a file in other commands.',
  examples: [
    { about: 'every dataset and its versions', command: 'holdfast list' },
    { about: 'the names alone', command: 'holdfast list --quiet' },
  ],
  async run(_, tools) {
    const manifests = await manifestsOfWorkTree(tools.cwd);
    const keys = (await trustFrom(tools.cwd, undefined))?.trust.keys;
    const datasets = manifests.map(({ path, manifest: { dataset, signatures } }) => ({
      name: dataset.name,
      version: dataset.version,
      revision: dataset.revision,
      tier: dataset.tier,
      files: countFiles(dataset),
      totalSize: dataset.totalSize,
      cid: dataset.cid,
      withdrawn: dataset.withdrawn?.reason ?? null,
      signers: [...new Set(signatures.map(({ keyid }) => keys?.get(keyid)?.signer ?? keyid))],
      file: path,
    }));
    const titles = datasets.map(({ name, version }) => `${name}@${version}`);
    const width = Math.max(0, ...titles.map((title) => title.length));
    return {
      exitCode: exitCode.ok,
      result: { datasets },
      quiet: titles.map(escapeText).join('\n'),
      text: (paint) =>
        [
          ...datasets.map((dataset, index) => {
            const title = escapeText((titles[index] ?? '').padEnd(width));
            const by = dataset.signers.map(escapeText).join(', ');
            const state =
              dataset.withdrawn === null
                ? by === ''
                  ? paint.yellow('not signed')
                  : `keys of ${by}`
                : paint.yellow(`withdrawn: ${escapeText(dataset.withdrawn)}`);
            return `${paint.bold(title)}  ${dataset.tier}  ${count(dataset.files, 'file')}  ${bytes(dataset.totalSize)}  ${state}`;
          }),
          datasets.length === 0
            ? 'no manifests yet: holdfast create FOLDER writes one'
            : paint.dim(count(datasets.length, 'manifest')),
        ].join('\n'),
    };
  },
});
