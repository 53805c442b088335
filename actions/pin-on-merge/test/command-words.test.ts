import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CommandError, commandWords } from '../src/scan/command-words.ts';

describe('a scan command becomes words without a shell', () => {
  it.each([
    ['clamdscan -', ['clamdscan', '-']],
    ['  clamdscan\n  --no-summary \t -  ', ['clamdscan', '--no-summary', '-']],
    [`scan --name 'a b' "c \\"d\\" \\\\"`, ['scan', '--name', 'a b', 'c "d" \\']],
    [`scan 'a'"b"c ''`, ['scan', 'abc', '']],
    ['scan a\\ b \\$HOME', ['scan', 'a b', '$HOME']],
    [`scan '$(id)' '; rm -rf /'`, ['scan', '$(id)', '; rm -rf /']],
    [`scan "a;b|c" "\\n"`, ['scan', 'a;b|c', '\\n']],
    ['scan *.csv ~/x #y', ['scan', '*.csv', '~/x', '#y']],
  ])('%j', (command, words) => {
    expect(commandWords(command)).toEqual(words);
  });

  it.each([
    ['cat | grep x', 'got | at character 5'],
    ['scan; true', 'got ; at character 5'],
    ['scan && true', 'got &'],
    ['scan > out', 'got >'],
    ['scan $HOME', 'got $'],
    ['scan "$(id)"', 'got $'],
    ['scan "`id`"', 'got `'],
    ["scan 'open", "expected a closing '"],
    ['scan "open\\', 'expected a closing "'],
    ['scan \\', 'back-slash'],
    ['   ', 'expected a program'],
    ["'' x", 'expected a program'],
  ])('refuses %j', (command, message) => {
    expect(() => commandWords(command)).toThrow(CommandError);
    expect(() => commandWords(command)).toThrow(message);
  });

  it('gives back any words that were put in single quotes', () => {
    const word = fc.string({ minLength: 1 }).map((text) => text.replaceAll("'", ''));
    fc.assert(
      fc.property(
        fc.array(
          word.filter((text) => text !== ''),
          { minLength: 1 },
        ),
        (words) => {
          expect(commandWords(words.map((text) => `'${text}'`).join(' '))).toEqual(words);
        },
      ),
    );
  });
});
