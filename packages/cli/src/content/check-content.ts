import { type BlockSource, type HashOptions, verifyFile, verifyFolder } from '@holdfast/content';
import { listFinder } from '@holdfast/content/internal';
import type { Dataset, DatasetFile, Problem } from '@holdfast/manifest';
import { fileListPath } from '@holdfast/manifest/files';
import { problem } from '@holdfast/manifest/internal';
import { bytes, count } from '@holdfast/manifest/text';
import type { Tools } from '../frame/command.ts';
import { fromCwd, kindOfOperand } from '../frame/operand-file.ts';
import { isWebAddress } from '../frame/web-address.ts';
import { allFilesOnDisk } from '../manifest/listed-files.ts';
import type { ManifestFile } from '../manifest/manifest-file.ts';
import { gateway, gatewaysOf } from './source-flags.ts';

export interface ContentVerdict {
  /** The first differences, and the count of the rest. */
  readonly problems: readonly Problem[];
  readonly ok: boolean;
  /** For a person. */
  readonly said: string;
}

export interface ContentPlaces {
  /** Folders, and addresses of gateways. */
  readonly places: readonly string[];
  /** As the manifest was created. */
  readonly symlinks?: NonNullable<HashOptions['symlinks']> | undefined;
}

const shownAtMost = 20;

/** Reads all content of a dataset from folders or gateways and compares it with the manifest. */
export async function checkContent(
  file: ManifestFile,
  dataset: Dataset,
  { places, symlinks }: ContentPlaces,
  tools: Tools,
): Promise<ContentVerdict> {
  const [folder, ...others] = places.filter((place) => !isWebAddress(place));
  const gateways = places.filter(isWebAddress).map((url) => gateway('--content', url));
  const source = gateways.length > 0 ? gatewaysOf(gateways) : undefined;
  const find = source && listFinder(source, tools);
  const files = await allFilesOnDisk(tools.cwd, file.path, dataset, find);
  const listed: Listed = { file, dataset, files };
  const problems: Problem[] = [];
  for (const place of folder === undefined ? [] : [folder, ...others])
    problems.push(...(await checkFolder(listed, place, symlinks, tools)));
  if (source !== undefined) problems.push(...(await checkGateways(listed, source, tools)));
  return problems.length > 0
    ? { problems, ok: false, said: `content differs in ${places.map(show).join(', ')}` }
    : { problems, ok: true, said: `content read and re-hashed (${bytes(dataset.totalSize)})` };
}

/** A manifest and its files, wherever they are listed. */
interface Listed {
  readonly file: ManifestFile;
  readonly dataset: Dataset;
  readonly files: readonly DatasetFile[];
}

/** A wrong folder differs in every file, and nobody reads a hundred thousand lines. */
function firstOf(listed: Listed, place: string, problems: readonly Problem[]): Problem[] {
  const rest = problems.length - shownAtMost;
  if (rest <= 0) return [...problems];
  const message = `${count(rest, 'more difference')} in ${show(place)}`;
  return [...problems.slice(0, shownAtMost), fault(listed, undefined, message)];
}

async function checkFolder(
  listed: Listed,
  place: string,
  symlinks: ContentPlaces['symlinks'],
  tools: Tools,
): Promise<readonly Problem[]> {
  const { dataset, files } = listed;
  await kindOfOperand(tools.cwd, place);
  const verdict = await verifyFolder(
    fromCwd(tools.cwd, place),
    { ...dataset, files },
    {
      ...(symlinks && { symlinks }),
      signal: tools.signal,
      onProgress: ({ files, totalFiles, bytes }) =>
        tools.progress({ phase: 'hashing', done: files, total: totalFiles, unit: 'files', bytes }),
    },
  );
  const same = files.length - verdict.missing.length - verdict.changed.length;
  if (same === 0 && files.length > 0) {
    const message = `${show(place)} is not the folder of ${dataset.name} ${dataset.version}: none of the ${count(files.length, 'listed file')} is there as listed`;
    return [fault(listed, undefined, message, 'name the folder that the manifest was made from')];
  }
  return firstOf(listed, place, [
    ...verdict.missing.map((path) => fault(listed, path, `${show(path)} is missing in ${show(place)}`)),
    ...verdict.changed.map(({ path, expected, actual }) =>
      fault(
        listed,
        path,
        `${show(path)} in ${show(place)} expected SHA-256 ${expected.sha256}, got ${actual.sha256}`,
      ),
    ),
    ...verdict.extra.map((path) =>
      fault(listed, undefined, `${show(path)} is in ${show(place)} but not in the manifest`),
    ),
  ]);
}

/** Blocks are verified by CID as they arrive. The SHA-256 ties them to the list. */
async function checkGateways(listed: Listed, source: BlockSource, tools: Tools): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  let done = 0;
  for (const { path, cid, sha256, size } of listed.files) {
    const verdict = await verifyFile({ cid, sha256, size }, source, {
      signal: tools.signal,
      onBytes: (count) => {
        done += count;
        tools.progress({
          phase: 'fetching',
          done,
          total: listed.dataset.totalSize,
          unit: 'bytes',
          item: path,
        });
      },
    });
    if (!verdict.ok)
      problems.push(
        fault(
          listed,
          path,
          `the CID of ${show(path)} holds bytes with SHA-256 ${verdict.sha256}, the manifest lists ${sha256}`,
        ),
      );
  }
  return firstOf(listed, 'the gateways', problems);
}

function fault(
  { file, dataset, files }: Listed,
  path: string | undefined,
  message: string,
  hint?: string,
): Problem {
  const index = files.findIndex((listed) => listed.path === path);
  const draft = { code: 'proof/wrong-content', message, ...(hint !== undefined && { hint }) } as const;
  if (dataset.files === undefined && index >= 0)
    return problem(draft, { file: fileListPath(file.path), line: index + 1 });
  const list = dataset.files === undefined ? '/dataset/fileList' : '/dataset/files';
  const pointer = index < 0 ? list : `${list}/${index}`;
  const place = file.result.ok ? file.result.locate(pointer) : {};
  return problem(draft, { file: file.path, path: pointer, ...place });
}

const show = (text: string) => JSON.stringify(text);
