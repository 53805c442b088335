import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commands } from '../src/command-line.ts';
import { gatewayOf } from './support/gateway.ts';
import { type JsonDocument, type RunOptions, sandbox } from './support/holdfast.ts';
import { createArgs, expectOk, git } from './support/repository.ts';
import { routerOf } from './support/router.ts';

const page = readFileSync(new URL('../../../docs/json.md', import.meta.url), 'utf8');

/** The example that the page gives for a command. */
function example(command: string): JsonDocument {
  const text = new RegExp(`^## ${command}$[^]*?\`\`\`json\n([^]*?)\`\`\``, 'm').exec(page)?.[1];
  if (text === undefined) throw new Error(`docs/json.md has no example for ${command}`);
  return JSON.parse(text);
}

/** Names and types alone; `null` and an empty list stand for whatever the other side has. */
function sameShape(shown: unknown, actual: unknown, at: string): string[] {
  if (shown === null || actual === null) return [];
  if (Array.isArray(shown) && Array.isArray(actual)) {
    return shown.length === 0 || actual.length === 0
      ? []
      : actual.flatMap((item, i) => sameShape(shown[0], item, `${at}[${i}]`));
  }
  if (typeof shown === 'object' && typeof actual === 'object') {
    const [left, right] = [shown as Record<string, unknown>, actual as Record<string, unknown>];
    const missing = Object.keys(left)
      .filter((key) => !(key in right))
      .map((key) => `${at}.${key} is only on the page`);
    const extra = Object.keys(right)
      .filter((key) => !(key in left))
      .map((key) => `${at}.${key} is not on the page`);
    return [
      ...missing,
      ...extra,
      ...Object.keys(left)
        .filter((key) => key in right)
        .flatMap((key) => sameShape(left[key], right[key], `${at}.${key}`)),
    ];
  }
  return typeof shown === typeof actual
    ? []
    : [`${at} is a ${typeof actual}, the page shows a ${typeof shown}`];
}

/** One document of each command, in the order of a dataset's life. */
async function lifeOfADataset(): Promise<Map<string, JsonDocument>> {
  await using box = await sandbox();
  const documents = new Map<string, JsonDocument>();
  const run = async (args: readonly string[], options?: RunOptions) => {
    const { document } = await box.json(args, options);
    documents.set(args[0] ?? '', document);
  };
  const local = ['--local', 'copies'];
  const manifest = 'manifests/tides-v1.0.0.json';
  await git(box, 'init', '-q', '.');
  await git(box, 'remote', 'add', 'origin', 'https://github.com/acme/tides.git');
  await box.write({ 'data/1990.csv': 'time,metres\n' });
  await run(['init', '--signer', 'alice']);
  await run(['completion', 'bash']);
  const env = { HOLDFAST_KEYCHAIN: 'none' };
  await run(['login', 'lab', '--cluster-url', 'http://127.0.0.1:1', '--unchecked'], { input: 'a:b', env });
  await run(['logout', 'lab'], { env });
  await git(box, 'add', '.');
  await git(box, 'commit', '-q', '-m', 'Set up');
  await git(box, 'switch', '-q', '-c', 'tides');
  await run(createArgs({ tier: 'ephemeral' }));
  await run(['sign', manifest]);
  await run(['merge', manifest, manifest, manifest]);
  await run(['cid', 'data']);
  await run(['export', manifest, '--sha256sums', '-o', 'SHA256SUMS']);
  const names = ['--name', 'tides', '--version', '1.0.0', '--tier', 'standard', '--description', 'Tides'];
  await run([
    'import',
    'SHA256SUMS',
    '--folder',
    'data',
    ...names,
    '--license',
    'CC0-1.0',
    '-o',
    'imported.json',
  ]);
  await run(['publish', 'data', ...local]);
  await git(box, 'add', manifest);
  await git(box, 'commit', '-q', '-m', 'Add tides');
  for (const command of [
    ['verify', manifest],
    ['check'],
    ['audit'],
    ['plan', ...local],
    ['pin', ...local],
    ['status', ...local],
    ['heal', ...local],
    ['prove', ...local],
    ['distribution', ...local],
    ['watch', '--once', ...local],
    ['site', 'build'],
    ['expiring'],
    ['doctor', ...local],
  ])
    await run(command);
  const folder = (name: string) => ({ name, kind: 'local', folder: name });
  await box.write({
    '.holdfast/targets.json': JSON.stringify({ targets: [folder('copies'), folder('other')] }),
  });
  await run(['balance', '--target', 'all', '--owner', 'github.com/acme/tides']);
  await run(['rollout', 'start', '--target', 'all', '--owner', 'github.com/acme/tides']);
  await run(['move', '--from', 'copies', '--to', 'other', '--keep', '--owner', 'github.com/acme/tides']);
  await using router = await routerOf('12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA');
  await run(['verify-replication', ...local, '--router', router.url]);
  await using gateway = await gatewayOf(box.path('data'));
  await run(['fetch', manifest, '--gateway', gateway.url]);
  await run(['availability', manifest, '--gateway', gateway.url]);
  await box.write({ 'data/1991.csv': 'time,metres\n' });
  await expectOk(box, ['create', 'data', '--name', 'tides', '--version', '1.1.0']);
  await run(['inspect', 'manifests/tides-v1.1.0.json']);
  await run(['list']);
  await run(['diff', 'tides@1.0.0', 'tides@1.1.0']);
  await run(['revise', manifest, '--tier', 'standard']);
  await run(['keygen', 'bob']);
  await run(['signer', 'add', 'bob']);
  await run(['name', 'key', 'tides']);
  return documents;
}

describe('--json', () => {
  it('has for every command the shape that docs/json.md shows', { tags: ['slow'] }, async () => {
    const documents = await lifeOfADataset();
    expect([...documents.keys()].sort()).toEqual(Object.keys(commands).sort());
    for (const [command, document] of documents) {
      expect(document).toMatchObject({ holdfast: 1, verb: command, ok: true, exitCode: 0 });
      expect(sameShape(example(command), document, command)).toEqual([]);
    }
  });

  it('would see a member that is missing, extra or of another type', () => {
    expect(sameShape({ a: 1, b: [{ c: 'x' }] }, { a: '1', b: [{ d: 'x' }] }, 'v')).toEqual([
      'v.a is a string, the page shows a number',
      'v.b[0].c is only on the page',
      'v.b[0].d is not on the page',
    ]);
  });

  it('tells progress as JSON lines on standard error', async () => {
    await using box = await sandbox();
    await box.write({ 'data/a': 'a' });
    const { stderr } = await box.json(['cid', 'data']);
    for (const line of stderr.trim().split('\n')) {
      expect(JSON.parse(line)).toEqual({
        event: 'progress',
        phase: 'hashing',
        done: expect.any(Number),
        total: 1,
        unit: 'files',
        bytes: expect.any(Number),
      });
    }
  });
});
