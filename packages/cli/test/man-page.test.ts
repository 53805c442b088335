import { describe, expect, it } from 'vitest';
import { manPages } from '../scripts/man-page.ts';
import { commands } from '../src/command-line.ts';

const pages = await manPages(commands, '1.2.3');
/** What a reader sees, as far as escapes go. */
const plain = (text: string) =>
  text
    .replace(/\\f[BIR]/g, '')
    .replace(/\\-/g, '-')
    .replace(/\\&/g, '');

describe('a manual page', () => {
  it('is there for the program and for each command', () => {
    expect([...pages.keys()].sort()).toEqual(
      ['holdfast.1', ...Object.keys(commands).map((name) => `holdfast-${name}.1`)].sort(),
    );
    for (const name of Object.keys(commands))
      expect(plain(pages.get('holdfast.1') ?? '')).toContain(`.BR holdfast-${name} (1)`);
  });

  it('has every flag, and every example, of its command', async () => {
    for (const [name, { load }] of Object.entries(commands)) {
      const { flags, examples } = await load();
      const text = plain(pages.get(`holdfast-${name}.1`) ?? '');
      for (const flag of Object.keys(flags)) expect(text).toContain(`--${flag}`);
      for (const { command } of examples)
        expect(text.replaceAll('\\e', '\\').replaceAll('\\(ti', '~').replaceAll('\\(ha', '^')).toContain(
          command,
        );
    }
  });

  it('uses the requests of man(7) alone, and no line of text becomes one', () => {
    const known = /^\.(TH|SH|TP|PP|B|BR|nf|fi|RS|RE)( |$)/;
    for (const [name, text] of pages)
      for (const each of text.split('\n'))
        if (/^[.']/.test(each))
          expect(`${name}: ${each}`).toMatch(new RegExp(`^${name}: ${known.source.slice(1)}`));
  });
});
