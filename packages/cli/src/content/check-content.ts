import { type BlockSource, verifyFile, verifyFolder } from '@holdfast/content';
import type { Dataset, Problem } from '@holdfast/manifest';
import { problem } from '@holdfast/manifest/internal';
import { bytes } from '@holdfast/manifest/text';
import type { Tools } from '../frame/command.ts';
import { fromCwd, kindOfOperand } from '../frame/operand-file.ts';
import type { ManifestFile } from '../manifest/manifest-file.ts';
import { gateway, gatewaysOf } from './source-flags.ts';

export interface ContentVerdict {
  readonly problems: readonly Problem[];
  /** What was read, for a person. Absent if there are problems. */
  readonly said?: string;
}

/** Reads all content of a dataset from folders or gateways and compares it with the manifest. */
export async function checkContent(
  file: ManifestFile,
  dataset: Dataset,
  places: readonly string[],
  tools: Tools,
): Promise<ContentVerdict> {
  const isAddress = (place: string) => /^https?:\/\//i.test(place);
  const [folder, ...others] = places.filter((place) => !isAddress(place));
  const gateways = places.filter(isAddress).map((url) => gateway('--content', url));
  const problems: Problem[] = [];
  for (const place of folder === undefined ? [] : [folder, ...others])
    problems.push(...(await checkFolder(file, dataset, place, tools)));
  if (gateways.length > 0)
    problems.push(...(await checkGateways(file, dataset, gatewaysOf(gateways), tools)));
  return problems.length > 0
    ? { problems }
    : { problems, said: `content read and re-hashed (${bytes(dataset.totalSize)})` };
}

async function checkFolder(
  file: ManifestFile,
  dataset: Dataset,
  place: string,
  tools: Tools,
): Promise<readonly Problem[]> {
  await kindOfOperand(tools.cwd, place);
  const verdict = await verifyFolder(fromCwd(tools.cwd, place), dataset, {
    signal: tools.signal,
    onProgress: ({ files, totalFiles, bytes }) =>
      tools.progress({ phase: 'hashing', done: files, total: totalFiles, unit: 'files', bytes }),
  });
  return [
    ...verdict.missing.map((path) =>
      fault(file, dataset, path, `${show(path)} is missing in ${show(place)}`),
    ),
    ...verdict.changed.map(({ path, expected, actual }) =>
      fault(
        file,
        dataset,
        path,
        `${show(path)} in ${show(place)} expected SHA-256 ${expected.sha256}, got ${actual.sha256}`,
      ),
    ),
    ...verdict.extra.map((path) =>
      fault(file, dataset, undefined, `${show(path)} is in ${show(place)} but not in the manifest`),
    ),
  ];
}

/** Blocks are verified by CID as they arrive. The SHA-256 ties them to the list. */
async function checkGateways(
  file: ManifestFile,
  dataset: Dataset,
  source: BlockSource,
  tools: Tools,
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  let done = 0;
  for (const { path, cid, sha256, size } of dataset.files) {
    const verdict = await verifyFile({ cid, sha256, size }, source, {
      signal: tools.signal,
      onBytes: (count) => {
        done += count;
        tools.progress({ phase: 'fetching', done, total: dataset.totalSize, unit: 'bytes', item: path });
      },
    });
    if (!verdict.ok)
      problems.push(
        fault(
          file,
          dataset,
          path,
          `the CID of ${show(path)} holds bytes with SHA-256 ${verdict.sha256}, the manifest lists ${sha256}`,
        ),
      );
  }
  return problems;
}

function fault(file: ManifestFile, dataset: Dataset, path: string | undefined, message: string): Problem {
  const index = dataset.files.findIndex((listed) => listed.path === path);
  const pointer = index < 0 ? '/dataset/files' : `/dataset/files/${index}`;
  const place = file.result.ok ? file.result.locate(pointer) : {};
  return problem({ code: 'proof/wrong-content', message }, { file: file.path, path: pointer, ...place });
}

const show = (text: string) => JSON.stringify(text);
