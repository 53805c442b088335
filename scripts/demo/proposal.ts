import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gitRepository, type TestRepository } from '../../packages/testkit/src/index.ts';
import { action } from './action.ts';
import { manifest, openPullRequest, owner, policyFor, tideGauges } from './dataset.ts';
import { type Shell, succeed } from './program.ts';
import { good, heading, tell } from './stage.ts';

/** A pull request that may be merged. */
export interface Proposal {
  readonly repository: TestRepository;
  readonly shell: Shell;
  merge(): Promise<{ before: string; after: string }>;
}

/** The part that needs no target: key, manifest, a pull request that is refused and one that is not. */
export async function tellProposal(copies: number, stack: AsyncDisposableStack): Promise<Proposal> {
  const repository = await gitRepository();
  stack.use(repository);
  await repository.git('remote', 'set-url', 'origin', `https://github.com/${owner}.git`);
  await repository.git('remote', 'set-url', '--push', 'origin', repository.url);
  const home = join(dirname(repository.path), 'home');
  const shell: Shell = {
    cwd: repository.path,
    env: { HOME: home, XDG_CONFIG_HOME: join(home, '.config') },
  };
  await repository.write({ 'README.md': '# Datasets of the North Sea\n', '.gitignore': 'data/\nplaces/\n' });

  heading('A key');
  await succeed(shell, 'keygen', 'alice');
  tell(`The repository trusts it: one signature of alice, ${copies} copies of a standard dataset.`);
  const policy = `${JSON.stringify(policyFor(copies), null, 2)}\n`;
  await repository.write({ 'public-keys/policy.json': policy });
  await repository.commit('Trust alice');
  await repository.push();

  heading('A dataset and its signed manifest');
  for (const [path, text] of Object.entries(tideGauges())) {
    mkdirSync(dirname(join(repository.path, 'data', path)), { recursive: true });
    writeFileSync(join(repository.path, 'data', path), text);
  }
  await repository.branch('tides');
  const facts = ['--name', 'north-sea-tides', '--version', '1.0.0', '--tier', 'standard'];
  const description = ['--license', 'CC0-1.0', '--description', 'Hourly levels of two gauges'];
  await succeed(shell, 'create', 'data', ...facts, ...description, '--repository', owner);
  await succeed(shell, 'sign', manifest);
  await repository.commit('Add north-sea-tides 1.0.0');

  heading('A pull request that was tampered with');
  tell('Somebody edits the hash of a file after alice signed.');
  await repository.branch('tampered');
  tamper(repository.path);
  await repository.commit('Fix a typo');
  if (await validates(repository, 'tampered', 1)) throw new Error('the tampered manifest was accepted');
  good('refused: it cannot be merged');

  heading('The good one');
  await repository.switch('tides');
  if (!(await validates(repository, 'tides', 2))) throw new Error('the good manifest was refused');
  good('accepted, with a plan of what its merge will pin');

  return {
    repository,
    shell,
    async merge() {
      await repository.switch('main');
      const before = await repository.resolve('HEAD');
      const after = await repository.merge('tides', 'Merge pull request #2');
      await repository.push();
      return { before, after };
    },
  };
}

async function validates(repository: TestRepository, branch: string, number: number): Promise<boolean> {
  const { event, checkout } = await openPullRequest(repository, branch, number);
  const call = { eventName: 'pull_request', event, cwd: checkout.path };
  return (await action('validate-manifests', call)).exitCode === 0;
}

function tamper(folder: string): void {
  const file = join(folder, manifest);
  const text = readFileSync(file, 'utf8');
  writeFileSync(
    file,
    text.replace(
      /("sha256": ")([0-9a-f])/,
      (_, key: string, digit: string) => `${key}${digit === '0' ? '1' : '0'}`,
    ),
  );
}
