import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runDoc } from './doc-runner.ts';
import { readsAs } from './expected-output.ts';

async function page(text: string): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-page-'));
  try {
    const file = join(folder, 'page.md');
    await writeFile(file, text);
    return await runDoc(file);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const block = (language: string, text: string) => `\`\`\`${language}\n${text}\n\`\`\`\n`;

describe('the runner of pages', () => {
  it('runs blocks in order in one session and holds them to what the page shows', async () => {
    const text = [
      block('sh', 'mkdir a && cd a\nexport WORD=tides'),
      block('sh', 'echo "$WORD in $(basename "$PWD")"'),
      block('text', 'tides in a'),
      block('ts', "const word: string = 'typed';\nconsole.log(word);"),
      block('text', 'ty…'),
      '<!-- docs: file=deep/x.json -->\n',
      block('json', '{ "x": 1 }'),
      block('sh', 'cat ../deep/x.json'),
      block('text', '{ "x": 1 }'),
      '<!-- docs: exit=3 -->\n',
      block('sh', 'exit 3'),
      '<!-- docs-run\ntouch hidden\n-->\n',
      block('sh', 'ls hidden'),
    ].join('\n');
    expect(await page(text)).toBe(11);
  });

  it.each([
    ['a command that fails', block('sh', 'false\ntrue'), 'expected to end with 0, ended with 1'],
    ['a command in a pipe that fails', block('sh', 'false | cat'), 'ended with 1'],
    [
      'another exit code than the page says',
      `<!-- docs: exit=1 -->\n${block('sh', 'exit 2')}`,
      'ended with 2',
    ],
    ['other output', block('sh', 'echo a') + block('text', 'b'), 'but it printed\na'],
    ['output of nothing', block('text', 'b'), 'output of no block'],
    ['TypeScript that throws', block('ts', 'throw new Error()'), 'ended with 1'],
    ['JSON that is none', block('json', '{'), 'JSON'],
    ['a language nobody runs', block('python', '1'), 'nobody runs'],
    [
      'a copy that has drifted',
      `<!-- docs: same-as=package.json -->\n${block('json', '{}')}`,
      'is not what package.json holds',
    ],
    ['a fence without its end', '```sh\ntrue\n', 'without its end'],
  ])('sees red: %s', async (_, text, message) => {
    await expect(page(text)).rejects.toThrow(message);
  });
});

describe('expected output', () => {
  it.each([
    ['a\nb', 'a\nb\n', true],
    ['a\nb', 'a\nb\nc\n', false],
    ['a … c', 'a b b c', true],
    ['a\n…\nz', 'a\nb\nc\nz', true],
    ['a\n…\nz', 'a\nz', true],
    ['a\n…', 'a', true],
    ['a.c', 'abc', false],
  ])('%j reads as %j: %s', (expected, actual, answer) => expect(readsAs(expected, actual)).toBe(answer));
});
