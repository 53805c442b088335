import { escapeText, nearest } from '@holdfast/manifest/text';
import { defineCommand } from '../frame/command.ts';
import { completionScript, type Shell } from '../frame/completion-script.ts';
import { exitCode } from '../frame/exit-code.ts';
import { loadCommand } from '../frame/find-command.ts';
import { Misuse } from '../frame/misuse.ts';

const shells: readonly Shell[] = ['bash', 'zsh', 'fish'];

export const completion = defineCommand({
  operands: 'bash|zsh|fish',
  arity: [1, 1],
  flags: {},
  examples: [
    { about: 'bash, in ~/.bashrc', command: 'source <(holdfast completion bash)' },
    { about: 'zsh, in ~/.zshrc', command: 'source <(holdfast completion zsh)' },
    { about: 'fish', command: 'holdfast completion fish > ~/.config/fish/completions/holdfast.fish' },
  ],
  async run({ operands: [word = ''] }, tools) {
    const shell = shells.find((known) => known === word);
    if (!shell) {
      const near = nearest(word, shells);
      throw new Misuse(
        `expected bash, zsh or fish, got "${escapeText(word)}"${near ? `; did you mean ${near}?` : ''}`,
      );
    }
    const script = completionScript(
      shell,
      await Promise.all(
        Object.entries(tools.program.commands).map(([name, entry]) => loadCommand(name, entry)),
      ),
    );
    return { exitCode: exitCode.ok, result: { shell, script }, quiet: script, text: () => script };
  },
});
