import { globSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { expect, it } from 'vitest';
import { loopCommand } from '../scripts/loop/command.ts';

const place = { projects: ['manifest', 'pinning'], here: undefined, interactive: true };

it('watches one project, without engines and slow tests', () => {
  expect(loopCommand(['manifest'], place)).toEqual({
    kind: 'run',
    args: [
      'watch',
      '--project=manifest',
      '--no-isolate',
      '--exclude=**/*.engine.test.ts',
      '--tags-filter=!slow',
    ],
  });
});

it('runs once when told to, and where nobody watches', () => {
  for (const asked of [
    loopCommand(['--once', 'manifest'], place),
    loopCommand(['manifest'], { ...place, interactive: false }),
  ]) {
    expect(asked).toMatchObject({ args: expect.arrayContaining(['run']) });
  }
});

it('runs a file that is named whole, engines included', () => {
  expect(loopCommand(['pinning', 'engine/kill', '--once'], place)).toEqual({
    kind: 'run',
    args: ['run', '--project=pinning', '--no-isolate', 'engine/kill'],
  });
});

it('takes the project of the folder it is called in', () => {
  const here = { ...place, here: 'pinning' };
  expect(loopCommand([], here)).toMatchObject({ args: expect.arrayContaining(['--project=pinning']) });
  expect(loopCommand(['plan'], here)).toMatchObject({
    args: expect.arrayContaining(['--project=pinning', 'plan']),
  });
  expect(loopCommand(['manifest'], here)).toMatchObject({
    args: expect.arrayContaining(['--project=manifest']),
  });
});

it.each([
  [['plan'], '"plan" is not a project'],
  [[], 'which project?'],
  [['manifest', '--wach'], '--wach is not an option'],
])('says of %j what is wrong, and how it is called', (words, says) => {
  const command = loopCommand(words, place);
  expect(command).toMatchObject({ kind: 'misuse', text: expect.stringContaining(says) });
  expect(command).toMatchObject({ text: expect.stringContaining('Usage: npm run loop') });
});

it('has every project by the name of its folder', async () => {
  const root = new URL('..', import.meta.url).pathname;
  for (const file of globSync('{packages,actions}/*/vitest.config.ts', { cwd: root })) {
    const { default: config } = await import(`${root}${file}`);
    expect(config.test.name).toBe(basename(dirname(file)));
  }
});
