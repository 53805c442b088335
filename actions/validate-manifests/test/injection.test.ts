import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ActionResult, gitRepository, startGitHub } from '@holdfast/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  act,
  datasetOf,
  publicKeyFile,
  repositoryName,
  type Scenario,
  scenario,
  signed,
} from './scenario.ts';

let shared: Scenario;
beforeAll(async () => {
  shared = await scenario();
});
afterAll(() => shared[Symbol.asyncDispose]());

/** What an attacker would write, wherever a text can stand. */
const attacks = [
  '::error file=x::owned',
  '\n::error file=x::owned',
  '\r::set-output name=valid::true',
  '##[error]owned',
  'x ##[add-path]/tmp/owned',
  '%0A::error::owned',
  '\u2028::error::owned',
  '\u001b[2K\u001b[1A✓ owned is valid',
  '\u202e dilav si',
  '<img src=x onerror=alert(1)>',
  '](https://evil.example) @everyone #1 :tada: www.evil.example',
  '`|`|`| ![x](https://evil.example/x.png) |',
  '| ✅ | owned |\n| --- |',
  '$(touch owned) `touch owned` ; touch owned & | $IFS',
  `$${''}{{ github.token }}`,
  'ghadelimiter_x\nvalid<<E\ntrue\nE',
  '--upload-pack=touch owned',
  '\u0000',
];

/** Nothing that a reader, the runner or a renderer takes for more than text. */
function expectHarmless(result: ActionResult): void {
  expect(result.stderr).toBe('');
  const allowed = new Set(['error', 'warning', 'add-mask', 'group', 'endgroup']);
  for (const { name, message } of result.commands) {
    expect(allowed).toContain(name);
    expect(message.startsWith('owned')).toBe(false);
  }
  // A line that begins as a command is read as that one; the name of its file is there as it is.
  expect(result.stdout.replace(/^(::\w+ [^:]*?)\bfile=[^,:\n]*/gm, '$1')).not.toContain('##[');
  expect(result.visible).not.toMatch(/^\s*::/m);
  expect(result.visible.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  expect(result.visible).not.toMatch(/^✓ owned/m);
  const names = ['changes', 'checked', 'data', 'plan', 'problems', 'valid'];
  expect(Object.keys(result.outputs).sort()).toEqual(names);
  expect(result.env).toEqual({});
  expectHarmlessPage(result.summary);
}

function expectHarmlessPage(page: string): void {
  const tags = page.replace(
    /<\/?(?:code|br|details|summary)>|<a href="https:\/\/github\.com\/holdfast-data\/datasets\/[^"]*">|<a href="https:\/\/(?:ipfs\.io|dweb\.link)\/ipfs\/[a-z2-7]+">|<\/a>|<!-- holdfast:[a-z-]+ -->|^```(?:sh)?$/gm,
    '',
  );
  expect(tags).not.toMatch(/[<>`]/);
  expect(page).not.toMatch(/\]\(|!\[|www\.|:tada:|@everyone/);
  expect(page.replace(/<a href="[^"]*">/g, '')).not.toMatch(/https?:\/\//);
  for (const row of page.split('\n').filter((line) => line.startsWith('|')))
    expect([3, 4, 5, 7, 8].map((cells) => cells + 1)).toContain(row.split('|').length - 1);
}

describe.each(attacks.map((attack) => [attack]))('the text %j', { tags: ['slow'] }, (attack) => {
  it('does nothing as a value, a key, a file name, a key’s file name, a branch or a commit message', async () => {
    await using github = await startGitHub({
      pulls: Array.from({ length: 99 }, (_, index) => ({ number: index + 1 })) as never,
    });
    const name = attack.replaceAll('\0', 'nul').replaceAll('/', '∕');
    const description = datasetOf('described', '1.0.0', { description: attack });
    const result = await shared.pull(
      {
        'manifests/value.json': signed(description, 'alice'),
        'manifests/key.json': JSON.stringify({
          dataset: { [attack]: attack, name: attack, tier: attack },
          [attack]: 1,
        }),
        'manifests/broken.json': `{ ${attack} }`,
        'manifests/signature.json': JSON.stringify({
          dataset: { name: 'x' },
          signatures: [{ keyid: attack, format: attack }],
        }),
        [`manifests/${name}.json`]: '{}',
        [`public-keys/${name}.pub`]: attack,
        [`docs/${name}`]: attack,
      },
      { message: `${name}\n\n${name} x`, apiUrl: github.url, token: github.token },
    );
    expect(result.exitCode).toBe(1);
    expectHarmless(result);
    for (const { body } of github.comments) expectHarmlessPage(body);
    for (const { summary } of github.checkRuns) expectHarmlessPage(summary ?? '');
    expect(existsSync(join(process.cwd(), 'owned'))).toBe(false);
    expect(github.requests.every(({ unknown }) => !unknown)).toBe(true);
  });
});

describe('a signer’s name from the base', () => {
  it('is text as well', async () => {
    await using own = await scenario({ 'public-keys/@everyone <img>|`.pub': publicKeyFile('carol') });
    const result = await own.pull({ 'manifests/w.json': signed(datasetOf('w', '1.0.0'), 'carol') });
    expect(result.exitCode).toBe(0);
    expectHarmless(result);
  });
});

describe('the SARIF file', { tags: ['slow'] }, () => {
  const run = async (files: Parameters<Scenario['pull']>[0], path: string) => {
    const origin = await gitRepository();
    await origin.write({ 'public-keys/alice.pub': publicKeyFile('alice') });
    const base = await origin.commit('base');
    await origin.write(files);
    const head = await origin.commit('change');
    await origin.push();
    const result = await act({
      cwd: origin.path,
      eventName: 'push',
      event: {
        repository: { full_name: repositoryName, default_branch: 'main' },
        ref: 'refs/heads/main',
        before: base,
        after: head,
      },
      inputs: { 'sarif-file': path },
    });
    return { origin, result };
  };

  it.each([
    ['the file itself', { 'out.sarif': { symlink: '../stolen' } }, 'out.sarif'],
    ['a folder on the way', { out: { symlink: '..' } }, 'out/stolen'],
  ])('is not written through a link that the pull request brought: %s', async (_, files, path) => {
    const { origin, result } = await run(files, path);
    await using _origin = origin;
    expect(result.exitCode).toBe(2);
    expect(result.annotations.at(-1)?.message).toContain('symbolic link');
    expect(existsSync(join(origin.path, '..', 'stolen'))).toBe(false);
  });

  it('cannot be kept from being written to hide what is wrong', async () => {
    const { origin, result } = await run({ 'manifests/bad.json': '{', 'out.sarif/x': '' }, 'out.sarif');
    await using _origin = origin;
    expect(result.exitCode).toBe(2);
    expect(result.annotations.map(({ title }) => title)).toContain('json/syntax');
    expect(result.summary).toContain('<code>json/syntax</code>');
    expect(result.annotations.at(-1)?.message).toContain('out.sarif is not; it is not written');
  });

  it('is written where the workflow says', async () => {
    const { origin, result } = await run({ 'manifests/bad.json': '{' }, 'reports/out.sarif');
    await using _origin = origin;
    expect(result.exitCode).toBe(1);
    const sarif = JSON.parse(readFileSync(join(origin.path, 'reports', 'out.sarif'), 'utf8'));
    expect(sarif.runs[0].results[0]).toMatchObject({ ruleId: 'json/syntax', level: 'error' });
  });
});
