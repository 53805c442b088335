import { execute, type Sandbox } from './holdfast.ts';

/** `git` in the sandbox, as a person whose name git knows. */
export async function git(box: Sandbox, ...args: string[]): Promise<string> {
  const identity = [
    '-c',
    'user.name=Alice',
    '-c',
    'user.email=alice@example.org',
    '-c',
    'init.defaultBranch=main',
  ];
  const ended = await execute('git', [...identity, ...args], box.folder, { HOME: box.home });
  if (ended.code !== 0) throw new Error(`git ${args.join(' ')}: ${ended.stderr}`);
  return ended.stdout.trim();
}

/** A repository on `main` with alice's key and policy committed, and a remote that names it acme/tides. */
export async function initialized(box: Sandbox): Promise<void> {
  await git(box, 'init', '-q', '.');
  await git(box, 'remote', 'add', 'origin', 'https://github.com/acme/tides.git');
  await expectOk(box, ['init', '--signer', 'alice']);
  await git(box, 'add', '.');
  await git(box, 'commit', '-q', '-m', 'Set up Holdfast');
}

export interface Draft {
  readonly name?: string;
  readonly version?: string;
  readonly tier?: string;
  readonly description?: string;
  readonly license?: string;
}

/** `create data` with everything said that it would ask for. */
export function createArgs(said: Draft = {}): string[] {
  const whole = {
    name: 'tides',
    version: '1.0.0',
    tier: 'standard',
    description: 'Hourly tide gauges',
    license: 'CC-BY-4.0',
    ...said,
  };
  return ['create', 'data', ...Object.entries(whole).flatMap(([flag, value]) => [`--${flag}`, value])];
}

/** Writes a small folder and its manifest, unsigned. */
export async function unsignedTides(box: Sandbox, said: Draft = {}): Promise<string> {
  const version = said.version ?? '1.0.0';
  await box.write({ 'data/1990.csv': 'time,metres\n', 'data/deep/1991.csv': `version,${version}\n` });
  await expectOk(box, createArgs(said));
  return `manifests/${said.name ?? 'tides'}-v${version}.json`;
}

/** The same with a signature of alice. */
export async function signedTides(box: Sandbox, said: Draft = {}): Promise<string> {
  const file = await unsignedTides(box, said);
  await expectOk(box, ['sign', file]);
  return file;
}

export async function expectOk(box: Sandbox, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await box.run(args);
  if (code !== 0) throw new Error(`holdfast ${args.join(' ')} ended with ${code}\n${stdout}${stderr}`);
  return stdout;
}
