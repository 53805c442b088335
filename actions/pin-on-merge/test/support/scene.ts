import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatasetResult } from '@holdfast/datasets';
import type { Manifest } from '@holdfast/manifest';
import {
  type ActionOptions,
  type ActionResult,
  type GitFiles,
  gitRepository,
  runAction,
  type TestRepository,
} from '@holdfast/testkit';
import { manifestFile, Publisher } from './publisher.ts';

const bundle = new URL('../../dist/index.cjs', import.meta.url).pathname;

const named = { full_name: 'holdfast-data/datasets', default_branch: 'main' };

export interface PinResult extends ActionResult {
  readonly results: readonly DatasetResult[];
}

/** A repository of manifests, and the action run on what happens in it. */
export class Scene implements AsyncDisposable {
  readonly repository: TestRepository;
  readonly alice = new Publisher('alice');
  readonly folder = mkdtempSync(join(tmpdir(), 'holdfast-scene-'));
  /** The newest commit, and the one before the newest push. */
  head = '';
  before = '0'.repeat(40);

  private constructor(repository: TestRepository) {
    this.repository = repository;
  }

  /** With Alice's key, and other files, in the first commit. */
  static async open(files: GitFiles = {}): Promise<Scene> {
    const scene = new Scene(await gitRepository());
    await scene.repository.write({ ...scene.alice.keyFile(), ...files });
    scene.head = await scene.repository.commit('Trust Alice');
    await scene.repository.push();
    return scene;
  }

  /** Commits and pushes manifests, as a merge does. */
  async merge(...manifests: readonly Manifest[]): Promise<void> {
    for (const manifest of manifests) await this.repository.write(manifestFile(manifest));
    await this.push('Merge datasets');
  }

  async push(message: string, { force = false } = {}): Promise<void> {
    this.before = this.head;
    this.head = await this.repository.commit(message);
    await this.repository.push({ force });
  }

  get receipt(): string {
    return join(this.folder, 'receipt.json');
  }

  /** The bundle on the newest push, in a clone as `actions/checkout` makes it. */
  onPush(options: Partial<ActionOptions> = {}): Promise<PinResult> {
    return this.run({ eventName: 'push', event: this.pushEvent, ...options });
  }

  get pushEvent() {
    const commits = [{ id: this.head }];
    return { ref: 'refs/heads/main', before: this.before, after: this.head, commits, repository: named };
  }

  onSchedule(options: Partial<ActionOptions> = {}): Promise<PinResult> {
    return this.run({ eventName: 'schedule', event: { repository: named }, ...options });
  }

  async run({ inputs = {}, ...options }: Partial<ActionOptions>): Promise<PinResult> {
    const cwd = options.cwd ?? (await this.repository.shallowClone()).path;
    const result = await runAction(bundle, {
      ...options,
      cwd,
      inputs: { receipt: this.receipt, ...inputs },
    });
    return { ...result, results: JSON.parse(result.outputs.results ?? '[]') as DatasetResult[] };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.repository[Symbol.asyncDispose]();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
