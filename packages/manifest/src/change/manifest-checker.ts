import type { ListSource } from '../file-list/list-source.ts';
import type { NewBytes } from '../file-list/new-bytes.ts';
import type { ReadResult } from '../manifest/read-manifest.ts';
import { compareVersions } from '../manifest/version.ts';
import type { Problem } from '../problem/problem.ts';
import { asWarning, hasErrors, type ProblemDraft, problem } from '../problem/problem-draft.ts';
import { commandPath, show } from '../text/display.ts';
import { evaluateTrust, evaluateTrustAsync, ruleFor } from '../trust/evaluate-trust.ts';
import type { Trust, TrustTime } from '../trust/trust.ts';
import type { Change, ChangeOptions, ReadManifest } from './change.ts';
import { costAfter, DatasetProof } from './dataset-proof.ts';
import type { FilePair } from './file-pair.ts';
import { indexByIdentity, indexLatest, type ManifestFile, ManifestIndex } from './manifest-index.ts';
import {
  additionProblems,
  type ChangeDraft,
  previousProblem,
  renameProblem,
  repositoryProblem,
  updateProblems,
} from './manifest-rules.ts';
import { RepeatedFiles } from './repeated-files.ts';

interface Judging {
  readonly path: string;
  readonly read: ReadManifest;
  /** Beside the manifest. */
  readonly list: ListSource | undefined;
  readonly drafts: readonly ChangeDraft[];
  readonly at: TrustTime;
  readonly before?: ReadManifest | undefined;
  /** Counts what the files add to what is there. */
  readonly cost?: NewBytes;
}

/** Checks the manifests of a change one after another. */
export class ManifestChecker {
  readonly #base: readonly ManifestFile[];
  readonly #index: ManifestIndex;
  readonly #trust: Trust;
  readonly #options: ChangeOptions;
  readonly #reads: RepeatedFiles;
  readonly #baseFiles = new Map<string, ReadManifest | undefined>();
  readonly #proof: DatasetProof;
  /** The list beside each merged manifest that a change refers to. */
  readonly #baseLists = new WeakMap<ReadManifest, ListSource>();

  constructor(base: readonly ManifestFile[], index: ManifestIndex, trust: Trust, options: ChangeOptions) {
    this.#base = base;
    this.#index = index;
    this.#trust = trust;
    this.#options = options;
    this.#reads = new RepeatedFiles(options.maxBytes);
    this.#proof = new DatasetProof(trust.listLimits, options);
  }

  async check(pair: FilePair): Promise<Change> {
    const before = pair.before && this.#read(pair.before);
    const places = {
      path: pair.path,
      ...(pair.from !== undefined && { from: pair.from }),
      ...(before?.ok === true && { before }),
    };
    if (pair.after === undefined)
      return {
        kind: 'delete',
        ...places,
        problems: this.#deletionProblems(pair.path, before?.ok === true ? before : undefined),
      };
    const after = this.#read(pair.after);
    const kind = pair.from !== undefined ? 'rename' : pair.before === undefined ? 'add' : 'update';
    if (!after.ok) return { kind, ...places, problems: after.problems };
    const known = before?.ok === true ? before : undefined;
    const drafts =
      known === undefined
        ? this.#additionProblems(pair.path, after)
        : updateProblems(known, after, this.#findDataset);
    if (pair.from !== undefined) drafts.unshift(renameProblem(pair.from, pair.path));
    if (before?.ok === false)
      drafts.push({
        code: 'change/invalid-base',
        message: 'the file on the base branch is not a valid manifest; this one is judged as new',
        at: '',
      });
    if (this.#reads.isRepeated(pair.after))
      return { kind, ...places, after, problems: this.#repeatProblems(pair.path, after) };
    const previous = known === undefined ? this.#versionBefore(after) : undefined;
    const previousFiles =
      previous && (await this.#proof.filesOf(previous.manifest.dataset, this.#baseLists.get(previous)));
    const cost = await costAfter(previousFiles);
    const { path } = pair;
    const { list } = pair.after;
    const judging = { path, read: after, list, drafts, at: this.#options.at, before: known, cost };
    const { trust, problems, files } = await this.#judge(judging);
    const withdraws =
      after.manifest.dataset.withdrawn !== undefined && known?.manifest.dataset.withdrawn === undefined;
    return {
      kind: kind === 'update' && withdraws ? 'withdraw' : kind,
      ...places,
      ...(previous && { previous }),
      ...(previousFiles && { previousFiles }),
      after,
      trust,
      files,
      newBytes: cost.bytes,
      problems,
    };
  }

  /** A file that no change touches. */
  async checkUnchanged(file: ManifestFile, at: TrustTime): Promise<Change> {
    const read = this.#read(file);
    if (!read.ok) return { kind: 'unchanged', path: file.path, problems: read.problems };
    if (this.#reads.isRepeated(file)) {
      const problems = this.#repeatProblems(file.path, read);
      return { kind: 'unchanged', path: file.path, before: read, after: read, problems };
    }
    const { trust, problems, files } = await this.#judge({
      path: file.path,
      read,
      list: file.list,
      drafts: [],
      at,
    });
    const change = { kind: 'unchanged', path: file.path, before: read, after: read, trust, files } as const;
    // A merged tombstone asks for nothing, so it needs no signature any more.
    const silent = at === 'merged' && read.manifest.dataset.withdrawn !== undefined;
    const settled = (found: Problem) => (silent && trust.problems.includes(found) ? asWarning(found) : found);
    return { ...change, problems: problems.map(settled) };
  }

  async #judge({ path, read, list, drafts, at, before, cost }: Judging) {
    const { manifest, locate } = read;
    const place = (pointer: string) => ({ file: path, path: pointer, ...locate(pointer) });
    const merged = before && { merged: before.manifest };
    const judging = evaluateTrustAsync({ path, manifest, ...merged }, this.#trust, at);
    // The signatures are verified at the same time.
    const proving = { path, list, isSigned: async () => (await judging).ok, cost };
    const { files, problems: proof } = await this.#proof.prove(read, proving);
    const trust = await judging;
    const all = [
      ...drafts,
      ...repositoryProblem(manifest.dataset, this.#options.repository),
      ...this.#uniqueProblem(path, read),
    ];
    const problems = [
      ...read.problems,
      ...all.map(({ at: pointer, ...draft }) => problem(draft, place(pointer))),
      ...proof,
      ...trust.problems,
    ];
    return { trust, problems, files };
  }

  /** The same bytes are the same version: refused under every name, so under one of them all the rest is judged. */
  #repeatProblems(path: string, read: ReadManifest): Problem[] {
    return this.#uniqueProblem(path, read).map(({ at: pointer, ...draft }) =>
      problem(draft, { file: path, path: pointer, ...read.locate(pointer) }),
    );
  }

  #additionProblems(path: string, after: ReadManifest): ChangeDraft[] {
    const { dataset } = after.manifest;
    return [
      ...additionProblems(dataset, this.#index.latestVersion(dataset.name), this.#options.at),
      ...previousProblem(dataset, this.#findDataset),
      ...this.#otherRuleProblem(path, after),
    ];
  }

  /**
   * The signers of the latest merged version sign the next one too. Otherwise a signer of another rule could publish it, under a path where
   * that other rule decides.
   */
  #otherRuleProblem(path: string, { manifest }: ReadManifest): ChangeDraft[] {
    const { rules } = this.#trust;
    if (rules.length < 2) return [];
    this.#latest ??= indexLatest(this.#base, this.#index.identities);
    const before = this.#latest.get(manifest.dataset.name);
    if (before === undefined) return [];
    const ruleBefore = ruleFor(this.#trust, before.path);
    if (ruleBefore === undefined || ruleBefore === ruleFor(this.#trust, path)) return [];
    const { needed, signedBy, explanation } = evaluateTrust(
      { path: before.path, manifest },
      this.#trust,
      this.#options.at,
    );
    if (signedBy.length >= needed.threshold) return [];
    const message = `${manifest.dataset.name} is under the rule of ${show(before.path, 120)}, which ${explanation}`;
    return [{ code: 'trust/other-rule', message, at: '/signatures' }];
  }

  #latest: Map<string, ManifestFile> | undefined;

  #uniqueProblem(path: string, { manifest: { dataset } }: ReadManifest): ChangeDraft[] {
    const others = this.#index
      .paths(dataset)
      .slice(0, 4)
      .filter((other) => other !== path);
    if (others.length === 0) return [];
    const message = `${dataset.name} ${dataset.version} is also in ${others.slice(0, 3).join(', ')}`;
    return [{ code: 'change/duplicate-version', message, at: '/dataset/version' }];
  }

  #deletionProblems(path: string, before: ReadManifest | undefined): Problem[] {
    if (before === undefined) return [];
    const { name, version, withdrawn } = before.manifest.dataset;
    // Without its tombstone, the first revision of a withdrawn version would be new again, with valid signatures.
    const draft: ProblemDraft =
      withdrawn === undefined
        ? {
            code: 'change/deleted',
            message: `${name} ${version} was deleted and is not withdrawn`,
            hint: `put it back; to take the dataset out: holdfast revise ${commandPath(path, '<manifest>')} --withdraw "<reason>", then sign`,
          }
        : { code: 'change/tombstone-deleted', message: `the tombstone of ${name} ${version} was deleted` };
    return [problem(draft, { file: path })];
  }

  /** The merged manifest of a name and version, read on demand. */
  readonly #findDataset = (name: string, version: string): ReadManifest | undefined => {
    const key = `${name}\n${version}`;
    if (!this.#baseFiles.has(key)) this.#baseFiles.set(key, this.#findInBase(name, version));
    return this.#baseFiles.get(key);
  };

  #versions: ManifestIndex | undefined;

  #versionBefore({ manifest: { dataset } }: ReadManifest): ReadManifest | undefined {
    this.#versions ??= new ManifestIndex(this.#base, this.#index.identities);
    let latest: string | undefined;
    for (const version of this.#versions.versions(dataset.name)) {
      const isLower = compareVersions(version, dataset.version) < 0;
      if (isLower && (latest === undefined || compareVersions(latest, version) < 0)) latest = version;
    }
    return latest === undefined ? undefined : this.#findDataset(dataset.name, latest);
  }

  #baseIndex: Map<string, ManifestFile> | undefined;

  #findInBase(name: string, version: string): ReadManifest | undefined {
    this.#baseIndex ??= indexByIdentity(this.#base, this.#index.identities);
    const file = this.#baseIndex.get(`${name}\n${version}`);
    const read = file && this.#read(file);
    if (read?.ok !== true || hasErrors(read.problems)) return undefined;
    if (file?.list !== undefined) this.#baseLists.set(read, file.list);
    return read;
  }

  #read(file: ManifestFile): ReadResult {
    return this.#reads.read(file);
  }
}
