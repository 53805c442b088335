import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readsAs } from './expected-output.ts';
import { type Fence, fencesOf } from './fences.ts';

// The sources use syntax (`using`) that Node runs by itself since 24; before that, the build is what a reader would have.
const fromSource = Number(process.versions.node.split('.')[0]) >= 24;
const condition = fromSource ? '--conditions=@holdfast/source' : '';
const commandLine = fromSource ? 'packages/cli/src/main.ts' : 'packages/cli/dist/main.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface DocOptions {
  /** Beside PATH, HOME and what keeps git to itself. */
  readonly env?: Record<string, string>;
  /** Addresses of the page and what stands for them here: the ports of a test are never those of a page. */
  readonly addresses?: Readonly<Record<string, string>>;
}

/**
 * Runs a Markdown file as a reader would: its `sh` blocks in order in one shell session in an empty folder
 * with `holdfast` on PATH, its `ts` blocks under Node, and each `text` block is the output of the block before.
 * Throws with `file:line` at the first thing that is not as the page says. Returns how many blocks it held to.
 */
export async function runDoc(file: string, options: DocOptions = {}): Promise<number> {
  const fences = fencesOf(await readFile(file, 'utf8'));
  const base = await mkdtemp(join(tmpdir(), 'holdfast-docs-'));
  try {
    let session = await startSession(base, options);
    let output: string | undefined;
    for (const fence of fences) {
      if (fence.remark.shell === 'fresh') session = await startSession(base, options);
      output = await step(addressed(fence, options.addresses), session, output, `${file}:${fence.line}`);
    }
    return fences.length;
  } finally {
    await rm(base, { recursive: true, force: true, maxRetries: 3 });
  }
}

interface Session {
  readonly folder: string;
  shell(script: string): Promise<Ended>;
}

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

async function startSession(base: string, options: DocOptions): Promise<Session> {
  const top = await mkdtemp(join(base, 'reader-'));
  const [folder, home, bin] = [join(top, 'work'), join(top, 'home'), join(top, 'bin')];
  for (const path of [folder, home, bin]) await mkdir(path);
  // TypeScript blocks import the packages by name; Node looks for them upwards from the file.
  await symlink(join(root, 'node_modules'), join(top, 'node_modules'));
  await writeProgram(join(bin, 'node'), `exec '${process.execPath}' "$@"`);
  await writeProgram(
    join(bin, 'holdfast'),
    `exec '${process.execPath}' ${condition} '${join(root, commandLine)}' "$@"`,
  );
  await writeFile(
    join(home, '.gitconfig'),
    '[user]\n  name = Alice\n  email = alice@example.org\n[init]\n  defaultBranch = main\n',
  );
  const state = join(top, 'state.sh');
  await writeFile(state, `cd '${folder}'\n`);
  const env = {
    PATH: `${bin}:${process.env.PATH}`,
    HOME: home,
    LANG: 'C.UTF-8',
    GIT_CONFIG_NOSYSTEM: '1',
    ...options.env,
  };
  return {
    folder,
    // Folder and exported variables go from block to block, as in the reader's own shell.
    shell: (script) =>
      execute(
        `. '${state}'\nset -eo pipefail\n${script}\n{ export -p; printf 'cd %q\\n' "$PWD"; } > '${state}'`,
        folder,
        env,
      ),
  };
}

async function writeProgram(path: string, line: string): Promise<void> {
  await writeFile(path, `#!/bin/sh\n${line}\n`);
  await chmod(path, 0o755);
}

function addressed(fence: Fence, addresses: Readonly<Record<string, string>> = {}): Fence {
  const text = Object.entries(addresses).reduce(
    (all, [page, here]) => all.replaceAll(page, here),
    fence.text,
  );
  return { ...fence, text };
}

async function step(
  fence: Fence,
  session: Session,
  before: string | undefined,
  place: string,
): Promise<string | undefined> {
  const { language, text, remark } = fence;
  if (remark['same-as']) {
    const committed = await readFile(join(root, remark['same-as']), 'utf8');
    if (committed.trimEnd() !== asCommitted(text).trimEnd()) {
      throw new Error(`${place}: is not what ${remark['same-as']} holds`);
    }
    return undefined;
  }
  if (remark.file) {
    const path = join(session.folder, remark.file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, `${text}\n`);
    return undefined;
  }
  if ('installed' in remark) {
    // What this line would fetch is this work tree, which is on PATH already.
    if (text !== 'npm install --global holdfast')
      throw new Error(`${place}: expected the one line that installs`);
    return undefined;
  }
  switch (language) {
    case 'sh':
      return run(await session.shell(text), fence, place);
    case 'ts': {
      const path = join(session.folder, `snippet-${fence.line}.mts`);
      await writeFile(path, text);
      const ended = await session.shell(`node ${condition} '${path}'`);
      await rm(path);
      return run(ended, fence, place);
    }
    case 'text':
      if (before === undefined && !('shown' in remark)) throw new Error(`${place}: output of no block`);
      if (before !== undefined && !readsAs(text, before)) {
        throw new Error(`${place}: the page shows\n${text}\n--- but it printed\n${before}`);
      }
      return undefined;
    case 'json':
      JSON.parse(text);
      return undefined;
    default:
      throw new Error(`${place}: "${language}" is a block nobody runs; use sh, ts, text or json`);
  }
}

function run(ended: Ended, fence: Fence, place: string): string {
  const wanted = Number(fence.remark.exit ?? 0);
  if (ended.code !== wanted) {
    throw new Error(
      `${place}: expected to end with ${wanted}, ended with ${ended.code}\n${fence.text}\n---\n${ended.output}`,
    );
  }
  return ended.output;
}

function execute(script: string, cwd: string, env: Record<string, string>): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['--norc', '-c', `exec 2>&1\n${script}`], {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}

/** A page names the actions by their release, for people to copy; this repository's own workflows by their path. */
function asCommitted(text: string): string {
  const { version } = JSON.parse(readFileSync(join(root, 'packages/cli/package.json'), 'utf8')) as {
    version: string;
  };
  return text.replaceAll(
    /holdfast-data\/holdfast\/(actions\/[a-z-]+)@v([\w.-]+)/g,
    (whole, action, release) => (release === version ? `./${action}` : whole),
  );
}
