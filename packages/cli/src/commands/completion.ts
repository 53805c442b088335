import { escapeText, nearest } from '@holdfast/manifest/text';
import { defineCommand, type NameKind, type Report, type Tools } from '../frame/command.ts';
import { completionScript, type Shell } from '../frame/completion-script.ts';
import { exitCode } from '../frame/exit-code.ts';
import { loadCommand } from '../frame/find-command.ts';
import { listed } from '../frame/flags.ts';
import { Misuse } from '../frame/misuse.ts';
import { keyFolder, keyNames } from '../keys/key-folder.ts';
import { manifestsOfWorkTree } from '../manifest/dataset-name.ts';
import { namedTargets } from '../pinning/named-targets.ts';

const shells: readonly Shell[] = ['bash', 'zsh', 'fish', 'powershell'];
const kinds: readonly NameKind[] = ['datasets', 'keys', 'targets'];

export const completion = defineCommand({
  operands: 'bash|zsh|fish|powershell',
  arity: [0, 1],
  flags: {
    names: { type: 'string', choices: kinds, about: 'print the names that the scripts offer, a line each' },
  },
  examples: [
    { about: 'bash, in ~/.bashrc', command: 'source <(holdfast completion bash)' },
    { about: 'zsh, in ~/.zshrc', command: 'source <(holdfast completion zsh)' },
    { about: 'fish', command: 'holdfast completion fish > ~/.config/fish/completions/holdfast.fish' },
    {
      about: 'PowerShell, in $PROFILE',
      command: 'holdfast completion powershell | Out-String | Invoke-Expression',
    },
  ],
  async run({ operands: [word = ''], flags }, tools) {
    if (flags.names !== undefined) return nameList(flags.names as NameKind, tools);
    const shell = shells.find((known) => known === word);
    if (!shell) {
      const near = nearest(word, shells);
      throw new Misuse(
        `expected ${listed(shells)}, got "${escapeText(word)}"${near ? `; did you mean ${near}?` : ''}`,
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

async function nameList(kind: NameKind, tools: Tools): Promise<Report> {
  const names = await namesOf(kind, tools);
  const text = names.join('\n');
  return { exitCode: exitCode.ok, result: { kind, names }, quiet: text, text: () => text };
}

/** A name with a character that a shell would read is not offered. */
async function namesOf(kind: NameKind, tools: Tools): Promise<readonly string[]> {
  return (await allNames(kind, tools)).filter((name) => /^[A-Za-z0-9][\w.@+-]*$/.test(name));
}

async function allNames(kind: NameKind, { cwd, env }: Tools): Promise<readonly string[]> {
  if (kind === 'keys') return keyNames(keyFolder(env));
  if (kind === 'targets') {
    const { targets, regions } = await namedTargets({ cwd, env });
    return [
      ...new Set([
        ...targets.map(({ name }) => name),
        ...regions.keys(),
        ...(targets.length > 1 ? ['all'] : []),
      ]),
    ];
  }
  const found = await manifestsOfWorkTree(cwd);
  const versions = found.map(({ manifest: { dataset } }) => `${dataset.name}@${dataset.version}`);
  return [...new Set([...found.map(({ manifest }) => manifest.dataset.name), ...versions])];
}
