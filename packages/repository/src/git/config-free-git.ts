import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { RepositoryError } from '../objects/error.ts';
import { Git, type GitOptions } from './git.ts';
import { findGitFolder } from './git-folder.ts';

/** Variables that bring config along, and the two files that every repository reads. */
const noConfig = {
  GIT_CONFIG_COUNT: undefined,
  GIT_CONFIG_PARAMETERS: undefined,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_ATTR_NOSYSTEM: '1',
};

/**
 * Runs git on the objects of a clone with nobody's config and attributes. A merge looks for programs there: merge drivers under
 * any name, and filters that normalize text. GitHub, whose merge is previewed, runs none of them.
 */
export async function withoutConfig<T>(
  path: string,
  options: GitOptions,
  work: (git: Git) => Promise<T>,
): Promise<T> {
  const { folder, gitDir } = findGitFolder(path);
  const { exitCode, stdout, stderr } = await new Git(folder, gitDir, options).run([
    'rev-parse',
    '--show-object-format',
    ...['--git-path', 'objects'],
    ...['--git-path', 'shallow'],
  ]);
  const [format, objects, shallow] = stdout.trim().split('\n');
  if (exitCode !== 0 || format === undefined || objects === undefined || shallow === undefined)
    throw new RepositoryError('git-failed', `the clone could not be read: ${stderr.trim().slice(0, 300)}`);
  const bare = await mkdtemp(join(tmpdir(), 'holdfast-merge-'));
  try {
    await emptyRepository(bare, format);
    const environment = {
      ...(options.environment ?? process.env),
      ...noConfig,
    };
    return await work(
      new Git(bare, bare, {
        ...options,
        environment,
        own: { GIT_OBJECT_DIRECTORY: resolve(folder, objects), GIT_SHALLOW_FILE: resolve(folder, shallow) },
      }),
    );
  } finally {
    await rm(bare, { recursive: true, force: true });
  }
}

async function emptyRepository(bare: string, format: string): Promise<void> {
  await mkdir(join(bare, 'refs'));
  await mkdir(join(bare, 'objects'));
  await writeFile(join(bare, 'HEAD'), 'ref: refs/heads/none\n');
  await writeFile(
    join(bare, 'config'),
    `[core]\n\trepositoryformatversion = 1\n\tbare = true\n[extensions]\n\tobjectformat = ${format}\n`,
  );
}
