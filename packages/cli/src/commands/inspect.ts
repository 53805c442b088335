import { dirname, resolve } from 'node:path';
import { type Dataset, defaultTiers, hasErrors } from '@holdfast/manifest';
import { countFiles, fileListPath } from '@holdfast/manifest/files';
import { compareVersions, tierCopies } from '@holdfast/manifest/internal';
import { bytes, copies as copiesText, count, escapeText } from '@holdfast/manifest/text';
import { defineCommand } from '../frame/command.ts';
import { exitCode } from '../frame/exit-code.ts';
import type { Paint } from '../frame/paint.ts';
import { trustFrom } from '../keys/trust-folder.ts';
import { type ContentChange, changesBetween } from '../manifest/dataset-changes.ts';
import { filesAtHand } from '../manifest/listed-files.ts';
import { manifestsIn, readManifestFile, sourcesOf } from '../manifest/manifest-file.ts';

const shownAtMost = 20;

export const inspect = defineCommand({
  operands: 'FILE',
  names: 'datasets',
  arity: [1, 1],
  flags: {
    all: { type: 'boolean', about: `list every file, not only the first ${shownAtMost}` },
    'public-keys': {
      type: 'string',
      value: 'DIR',
      about: 'folder of the keys and the policy; default: the nearest public-keys',
    },
  },
  examples: [
    {
      about: 'who signed it, how large it is, what changed',
      command: 'holdfast inspect manifests/tides-v1.1.0.json',
    },
    {
      about: 'one value for a script',
      command: 'holdfast inspect manifests/tides-v1.1.0.json --json | jq -r .result.dataset.cid',
    },
  ],
  async run({ operands: [path = ''], flags }, tools) {
    const file = await readManifestFile(tools.cwd, path);
    const sources = sourcesOf([file]);
    if (!file.result.ok) {
      const { problems } = file.result;
      return { exitCode: exitCode.problems, result: null, problems, sources, text: () => '' };
    }
    const { manifest, digest, problems } = file.result;
    const { dataset } = manifest;
    const folder = dirname(resolve(tools.cwd, file.path));
    const loaded = await trustFrom(tools.cwd, flags['public-keys'], folder);
    const signatures = manifest.signatures.map(({ keyid, format }) => ({
      keyid,
      format,
      signer: loaded?.trust.keys.get(keyid)?.signer ?? null,
    }));
    const copies = loaded ? tierCopies(loaded.trust, dataset.tier) : defaultTiers[dataset.tier];
    const files = await filesAtHand(tools.cwd, file.path, dataset);
    const previous = await previousOf(dataset, folder);
    const before = previous && (await filesAtHand(tools.cwd, previous.path, previous.dataset));
    const changes =
      previous &&
      before &&
      files &&
      changesBetween({ dataset: previous.dataset, files: before }, { dataset, files });
    return {
      exitCode: hasErrors(problems) ? exitCode.problems : exitCode.ok,
      result: {
        dataset,
        digest,
        signatures,
        copies,
        previous: previous ? { version: previous.dataset.version, changes: changes ?? null } : null,
      },
      problems,
      sources,
      quiet: dataset.cid,
      text: (paint) => {
        const rows = factsOf(dataset, digest, copies, signatures).map(
          ([name, value]) => `  ${paint.dim(name.padEnd(12))}${value}`,
        );
        return [
          `${paint.bold(`${escapeText(dataset.name)} ${dataset.version}`)}  ${paint.dim(`revision ${dataset.revision}`)}`,
          ...(dataset.withdrawn
            ? [paint.yellow(`  withdrawn: ${escapeText(dataset.withdrawn.reason)}`)]
            : []),
          ...rows,
          ...(files === undefined
            ? [`  the files are listed in ${escapeText(fileListPath(file.path))}, which is not there`]
            : listing(
                'files',
                files.map(({ path, size }) => `${escapeText(path)}  ${paint.dim(bytes(size))}`),
                flags.all,
              )),
          ...(previous && changes ? changeLines(previous.dataset.version, changes, paint, flags.all) : []),
        ].join('\n');
      },
    };
  },
});

async function previousOf(dataset: Dataset, folder: string) {
  const others = (await manifestsIn(folder)).map(({ path, manifest }) => ({
    path,
    dataset: manifest.dataset,
  }));
  const named = others.filter(
    (other) =>
      other.dataset.name === dataset.name && compareVersions(other.dataset.version, dataset.version) < 0,
  );
  const said = named.find((other) => other.dataset.version === dataset.previous?.version);
  return said ?? named.toSorted((a, b) => compareVersions(b.dataset.version, a.dataset.version))[0];
}

interface Signed {
  readonly keyid: string;
  readonly signer: string | null;
}

function factsOf(
  dataset: Dataset,
  digest: string,
  copies: { min: number; max: number; regions: number },
  signatures: readonly Signed[],
): [string, string][] {
  const spread = copies.regions > 1 ? ` over ${copies.regions} regions` : '';
  const signed = signatures.map(
    ({ keyid, signer }) => `${signer === null ? 'unknown key' : escapeText(signer)} (${keyid})`,
  );
  const facts: [string, string | undefined][] = [
    ['title', dataset.title],
    ['about', dataset.description],
    ['license', dataset.license ?? 'none given'],
    ['creators', dataset.creators?.map((creator) => creator.name).join(', ')],
    ['sources', dataset.sources?.map((source) => source.url ?? source.title).join(', ')],
    ['tier', `${dataset.tier}: ${copiesText(copies)}${spread}`],
    ['size', `${bytes(dataset.totalSize)} in ${count(countFiles(dataset), 'file')}`],
    ['content', `${dataset.cid} (${dataset.profile})`],
    ['repository', dataset.repository],
    ['created', dataset.created],
    ['expires', dataset.expires],
    ['signed by', signed.join(', ') || 'nobody yet'],
    ['digest', digest],
  ];
  return facts.flatMap(([name, value]) => (value === undefined ? [] : [[name, escapeText(value)]]));
}

function listing(title: string, lines: readonly string[], all: boolean): string[] {
  const shown = all ? lines : lines.slice(0, shownAtMost);
  const rest = lines.length - shown.length;
  return [
    `  ${title}`,
    ...shown.map((line) => `    ${line}`),
    ...(rest > 0 ? [`    and ${rest} more; --all shows them`] : []),
  ];
}

function changeLines(version: string, change: ContentChange, paint: Paint, all: boolean): string[] {
  const { added, removed, changed, renamed, fields } = change;
  const lines = [
    ...added.map((path) => paint.green(`+ ${escapeText(path)}`)),
    ...removed.map((path) => paint.red(`- ${escapeText(path)}`)),
    ...changed.map((path) => paint.yellow(`~ ${escapeText(path)}`)),
    ...renamed.map(({ from, to }) => paint.cyan(`> ${escapeText(from)} → ${escapeText(to)}`)),
    ...fields.map((field) => paint.yellow(`~ ${field} (description)`)),
  ];
  const grown =
    change.bytes === 0
      ? 'same size'
      : `${bytes(Math.abs(change.bytes))} ${change.bytes > 0 ? 'more' : 'less'}`;
  return lines.length === 0
    ? [`  since ${version}: nothing changed`]
    : listing(`since ${version}: ${grown}`, lines, all);
}
