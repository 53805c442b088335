import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Manifest } from '@holdfast/manifest';
import {
  type ActionOptions,
  type ActionResult,
  gitRepository,
  runAction,
  type TestRepository,
} from '@holdfast/testkit';
import type { DatasetResult } from '../../src/dataset-result.ts';
import { manifestFile, Publisher } from './publisher.ts';

const bundle = new URL('../../dist/index.cjs', import.meta.url).pathname;

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

  /** With Alice's key in the first commit. */
  static async open(): Promise<Scene> {
    const scene = new Scene(await gitRepository());
    await scene.repository.write(scene.alice.keyFile());
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
    const event = {
      ref: 'refs/heads/main',
      before: this.before,
      after: this.head,
      commits: [{ id: this.head }],
      repository: { full_name: 'holdfast-data/datasets', default_branch: 'main' },
    };
    return this.run({ eventName: 'push', event, ...options });
  }

  onSchedule(options: Partial<ActionOptions> = {}): Promise<PinResult> {
    const event = { repository: { full_name: 'holdfast-data/datasets', default_branch: 'main' } };
    return this.run({ eventName: 'schedule', event, ...options });
  }

  async run({ inputs = {}, ...options }: Partial<ActionOptions>): Promise<PinResult> {
    const clone = await this.repository.shallowClone();
    const result = await runAction(bundle, {
      cwd: clone.path,
      ...options,
      inputs: { receipt: this.receipt, ...inputs },
    });
    return { ...result, results: JSON.parse(result.outputs.results ?? '[]') as DatasetResult[] };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.repository[Symbol.asyncDispose]();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
