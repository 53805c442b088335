import { ManifestError } from '../error.ts';
import { ContentSet } from '../file-list/content-set.ts';
import { type DatasetFiles, filesOf } from '../file-list/dataset-files.ts';
import type { ListSource } from '../file-list/list-source.ts';
import { NewBytes } from '../file-list/new-bytes.ts';
import { limitDraft, proveList } from '../file-list/prove-list.ts';
import type { Dataset } from '../manifest/manifest.ts';
import { proveFiles } from '../manifest/prove-files.ts';
import type { ListLimits } from '../policy/list-limits.ts';
import type { Problem } from '../problem/problem.ts';
import { problem } from '../problem/problem-draft.ts';
import type { ChangeOptions, ReadManifest } from './change.ts';
import { ListBudget } from './list-budget.ts';

type ProofOptions = Pick<ChangeOptions, 'rootFromFiles' | 'createRootBuilder' | 'findList'>;

interface Proving {
  readonly path: string;
  /** Beside the manifest. */
  readonly list: ListSource | undefined;
  readonly isSigned: () => Promise<boolean>;
  /** Counts what the files add to what is there. */
  readonly cost: NewBytes | undefined;
}

interface Proved {
  readonly files: DatasetFiles;
  readonly problems: readonly Problem[];
}

/** Proves datasets from their files, listed in the manifest or beside it. */
export class DatasetProof {
  readonly #limits: ListLimits;
  readonly #options: ProofOptions;
  readonly #budget: ListBudget;

  constructor(limits: ListLimits, options: ProofOptions) {
    this.#limits = limits;
    this.#options = options;
    this.#budget = new ListBudget(limits.bytes);
  }

  async prove({ manifest: { dataset }, locate }: ReadManifest, proving: Proving): Promise<Proved> {
    const { path, list, isSigned, cost } = proving;
    if (dataset.files !== undefined) {
      for (const file of dataset.files) cost?.add(file);
      const problems = proveFiles(dataset, this.#options.rootFromFiles);
      return {
        files: filesOf(dataset),
        problems: problems.map((found) => ({ ...found, file: path })),
      };
    }
    const { fileList } = dataset;
    const tooMuch = limitDraft(fileList, this.#limits) ?? this.#budget.take(fileList, await isSigned());
    if (tooMuch !== undefined) {
      const at = { file: path, path: '/dataset/fileList', ...locate('/dataset/fileList') };
      return { files: filesOf(dataset), problems: [problem(tooMuch, at)] };
    }
    const source = await this.#sourceOf(dataset, list);
    const problems = await proveList(dataset, {
      path,
      source,
      limits: this.#limits,
      createRootBuilder: this.#options.createRootBuilder,
      onFile: cost && ((file) => cost.add(file)),
    });
    return { files: filesOf(dataset, source), problems };
  }

  async filesOf(dataset: Dataset, list: ListSource | undefined): Promise<DatasetFiles> {
    return filesOf(dataset, await this.#sourceOf(dataset, list));
  }

  /** Beside the manifest, else where the caller finds it. */
  async #sourceOf({ fileList }: Dataset, beside: ListSource | undefined): Promise<ListSource | undefined> {
    return fileList && (beside ?? (await this.#options.findList?.(fileList)));
  }
}

/** Counts what is new after a version. If its list cannot be read, all is: the cost is what it is at most. */
export async function costAfter(files: DatasetFiles | undefined): Promise<NewBytes> {
  const content = new ContentSet();
  try {
    if (files !== undefined) await content.addFiles(files);
  } catch (cause) {
    if (!(cause instanceof ManifestError)) throw cause;
  }
  return new NewBytes(content);
}
