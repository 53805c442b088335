import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { findEngine } from '@holdfast/testkit';
import type { ProfileName } from '../../src/profile.ts';
import { tempFolder } from './temp-folder.ts';

/** Kubo as a command, without a daemon: the oracle for every CID. */
export class KuboCli {
  readonly #binary: string;
  readonly #repository: string;

  private constructor(binary: string, repository: string) {
    this.#binary = binary;
    this.#repository = repository;
  }

  static async create(profile: ProfileName): Promise<KuboCli> {
    const cli = new KuboCli(await findEngine('kubo'), join(tempFolder(), 'repository'));
    cli.run('init', `--profile=test,${profile}`, '--empty-repo');
    return cli;
  }

  run(...args: string[]): Buffer {
    return execFileSync(this.#binary, args, {
      env: { PATH: process.env.PATH, HOME: this.#repository, IPFS_PATH: this.#repository },
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 1 << 30,
    });
  }

  /** The root as CIDv1. Empty folders are left out, as a file list must leave them out. */
  hash(path: string, ...options: string[]): string {
    const cid = this.run(
      'add',
      '-r',
      '-H',
      '-Q',
      '--progress=false',
      '--empty-dirs=false',
      '--only-hash',
      ...options,
      path,
    );
    return this.base32(cid.toString().trim());
  }

  /** Adds for good, unlike `hash`. */
  add(path: string): string {
    return this.run('add', '-r', '-H', '-Q', '--progress=false', '--empty-dirs=false', path)
      .toString()
      .trim();
  }

  base32(cid: string): string {
    return this.run('cid', 'base32', cid).toString().trim();
  }
}
