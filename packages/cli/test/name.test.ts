// @module-tag slow
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { type RecordServer, recordServer } from '../../retrieval/test/names/record-server.ts';
import { type Sandbox, sandbox } from './support/holdfast.ts';
import { expectOk, git, initialized, signedTides } from './support/repository.ts';

interface Scene extends AsyncDisposable {
  readonly box: Sandbox;
  readonly servers: readonly RecordServer[];
  readonly env: Record<string, string>;
  readonly name: string;
  /** A version of tides, merged. */
  merge(version: string): Promise<void>;
}

/** A repository whose policy gives tides a name, and three routers. */
async function scene(): Promise<Scene> {
  const box = await sandbox();
  const servers = await Promise.all([recordServer(), recordServer(), recordServer()]);
  await initialized(box);
  const { document } = await box.json(['name', 'key', 'tides']);
  const { name } = document.result as { name: string };
  const { policy, ...rest } = JSON.parse(await readFile(box.path('public-keys/policy.json'), 'utf8'));
  await box.write({
    'public-keys/policy.json': JSON.stringify(
      { policy: { ...policy, names: { tides: name } }, ...rest },
      null,
      2,
    ),
  });
  await git(box, 'commit', '-qam', 'Name tides');
  return {
    box,
    servers,
    env: { ROUTERS: servers.map(({ url }) => url).join(' ') },
    name,
    async merge(version) {
      await signedTides(box, { version, tier: 'ephemeral' });
      await git(box, 'add', 'manifests');
      await git(box, 'commit', '-qm', `Add tides ${version}`);
    },
    [Symbol.asyncDispose]: () => box[Symbol.asyncDispose](),
  };
}

async function cidOf(box: Sandbox, version: string): Promise<string> {
  const { dataset } = JSON.parse(await readFile(box.path(`manifests/tides-v${version}.json`), 'utf8'));
  return dataset.cid;
}

it('follows the latest merged version, and says where it points', async () => {
  await using all = await scene();
  const { box, env, name } = all;
  await all.merge('1.0.0');
  const first = await box.json(['name', 'publish', 'tides'], { env });
  expect(first.document).toMatchObject({
    exitCode: 0,
    result: { action: 'publish', outcome: 'published', id: 'tides@1.0.0', name, sequence: '1' },
  });
  expect(first.document.result.nodes.length).toBeGreaterThanOrEqual(2);
  const resolved = await box.run(['name', 'resolve', 'tides', '--quiet'], { env });
  expect(resolved).toMatchObject({ code: 0, stdout: `/ipfs/${await cidOf(box, '1.0.0')}\n` });
  expect((await box.run(['name', 'resolve', name, '--quiet'], { env })).stdout).toBe(resolved.stdout);
  expect(await box.run(['name', 'status'], { env })).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^✓ tides points to tides@1.0.0 until /),
  });
  await all.merge('1.1.0');
  expect(await box.run(['name', 'status'], { env })).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('points to tides@1.0.0, the latest version is tides@1.1.0'),
  });
  expect((await box.json(['name', 'publish', 'tides'], { env })).document.result).toMatchObject({
    outcome: 'published',
    id: 'tides@1.1.0',
    sequence: '2',
  });
  expect(await box.run(['name', 'dnslink', 'tides', 'Tides.example.org'], { env })).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(`_dnslink.tides.example.org. 300 IN TXT "dnslink=/ipns/${name}"\n`),
  });
});

it('never points to a version that does not verify', async () => {
  await using all = await scene();
  const { box, env, servers } = all;
  await all.merge('1.0.0');
  const file = 'manifests/tides-v1.0.0.json';
  const text = await readFile(box.path(file), 'utf8');
  await box.write({ [file]: text.replace('Hourly tide gauges', 'Daily tide gauges') });
  await git(box, 'commit', '-qam', 'Tamper');
  expect((await box.json(['name', 'publish', 'tides'], { env })).document).toMatchObject({
    exitCode: 1,
    result: { outcome: 'waiting', reason: expect.stringContaining('no version of tides is accepted') },
  });
  expect(servers.flatMap(({ records }) => [...records.keys()])).toEqual([]);
});

it('needs the key that the policy says, and takes it from the environment', async () => {
  await using all = await scene();
  const { box, env } = all;
  await all.merge('1.0.0');
  await using other = await sandbox();
  await expectOk(other, ['name', 'key', 'tides']);
  const keyOf = (home: string) => `${home}/.config/holdfast/keys/names/tides.key`;
  const wrong = await box.run(['name', 'publish', 'tides'], {
    env: { ...env, HOLDFAST_NAME_KEY_FILE: keyOf(other.home) },
  });
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('the policy says k51') });
  const spoiled = await box.run(['name', 'publish', 'tides'], {
    env: { ...env, HOLDFAST_NAME_KEY: 'hunter2' },
  });
  expect(spoiled.code).toBe(2);
  expect(spoiled.stderr).toContain('HOLDFAST_NAME_KEY holds no usable key');
  expect(spoiled.stderr).not.toContain('hunter2');
  const two = `${await readFile(keyOf(other.home), 'utf8')}${await readFile(keyOf(box.home), 'utf8')}`;
  expect(
    await box.run(['name', 'publish', 'tides'], { env: { ...env, HOLDFAST_NAME_KEY: two } }),
  ).toMatchObject({ code: 0 });
});

it('is kept alive by heal, which moves it only to a version that has its copies', async () => {
  await using all = await scene();
  const { box, env } = all;
  await all.merge('1.0.0');
  const local = ['--local', 'copies'];
  const heal = async (...more: string[]) => (await box.json(['heal', ...local, ...more], { env })).document;
  expect(await heal('--timeout', '1s')).toMatchObject({
    exitCode: 1,
    result: {
      names: [
        { outcome: 'waiting', reason: 'tides@1.0.0 has too few copies; the name is not published yet' },
      ],
    },
  });
  await expectOk(box, ['publish', 'data', ...local]);
  expect(await heal()).toMatchObject({ exitCode: 0, result: { names: [{ outcome: 'published' }] } });
  expect(await heal()).toMatchObject({
    exitCode: 0,
    result: { names: [{ outcome: expect.stringMatching(/^(current|renewed)$/) }] },
  });
});

it('says what is wrong with what it was given', async () => {
  await using all = await scene();
  const { box, env, servers, name } = all;
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [['name', 'publsh', 'tides'], /name takes key, .* not "publsh"; did you mean publish\?/],
    [['name', 'publish'], /name publish expects DATASET, got nothing/],
    [['name', 'resolve', 'tide'], /gives tide no name; did you mean tides\?/],
    [['name', 'dnslink', 'tides', 'nowhere'], /expects a domain such as tides.example.org/],
    [['name', 'key', 'tides'], new RegExp(`already exists[^]*its name is ${name}`)],
  ];
  for (const [args, said] of cases) {
    const { code, stderr } = await box.run(args, { env });
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(said) });
  }
  expect(await box.run(['name', 'publish', 'tides'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('no router: which nodes should keep the name?'),
  });
  expect(await box.run(['name', 'resolve', 'tides'], { env })).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(/no node gave a record.*help: is the name right/s),
  });
  await all.merge('1.0.0');
  for (const server of servers) server.behaviour = 'fails';
  const failed = await box.run(['name', 'publish', 'tides'], { env });
  expect(failed).toMatchObject({ code: 3, stdout: expect.stringContaining('0 of 3 nodes') });
});
