import { evaluateTrust, hasErrors, type Problem, parsePublicKeys, type Trust } from '@holdfast/manifest';
import { type CommittedManifest, readCommitted } from '../committed.ts';
import { exitCode } from '../exit-code.ts';
import { titleOf } from '../manifest-file.ts';
import { Misuse } from '../misuse.ts';
import { readOperand } from '../operand-file.ts';
import { printable } from '../printable.ts';
import { count } from '../quantity.ts';
import { defineVerb } from '../verb.ts';

export const audit = defineVerb({
  name: 'audit',
  summary: 'list merged manifests that no longer have the signatures they need',
  operands: '',
  arity: [0, 0],
  flags: {
    key: {
      type: 'string',
      value: 'ID',
      about: 'as if this key were revoked: its fingerprint (SHA256:…), or a .pub file',
    },
    at: { type: 'string', value: 'REVISION', about: 'the commit to look at; HEAD unless said otherwise' },
    'public-keys': {
      type: 'string',
      value: 'DIR',
      about: 'folder of the keys and the policy in that commit',
    },
  },
  about:
    'Looks at every manifest of a commit. Without --key it judges by the keys and the policy as they are.',
  examples: [
    { about: 'what would fall if a key were revoked', command: 'holdfast audit --key public-keys/alice.pub' },
    {
      about: 'the same by fingerprint',
      command: 'holdfast audit --key SHA256:6Ky5mH/GGWAZVTAk0vLGpOsX0h7gP0Kq0k7mD6mUx4A',
    },
  ],
  async run({ flags }, tools) {
    const committed = await readCommitted(tools.cwd, flags.at ?? 'HEAD', flags['public-keys']);
    const keyids = flags.key === undefined ? [] : await keyidsOf(flags.key, tools.cwd);
    const trust = withRevoked(committed.trust, keyids);
    const judged = committed.manifests.map((file) => ({ file, problems: judge(file, trust) }));
    const fallen = judged.filter(({ problems }) => hasErrors(problems));
    const problems = [...committed.problems, ...fallen.flatMap(({ problems }) => problems)];
    return {
      exitCode: hasErrors(problems) ? exitCode.problems : exitCode.ok,
      result: {
        commit: committed.commit,
        keys: keyids,
        checked: judged.length,
        fallen: fallen.map(({ file }) => ({
          file: file.path,
          title: file.result.ok ? titleOf(file.result.manifest) : null,
        })),
      },
      problems,
      sources: new Map(committed.manifests.map((file) => [file.path, file.text])),
      quiet: fallen.map(({ file }) => file.path).join('\n'),
      text: (paint) => {
        const without = keyids.length > 0 ? ' without that key' : '';
        const checked = count(judged.length, 'manifest');
        if (fallen.length === 0)
          return `${paint.green('✓')} ${checked}: every one has the signatures it needs${without}`;
        const names = fallen.map(({ file }) => `  ${printable(file.path)}`);
        return [
          `${paint.red('✗')} ${fallen.length} of ${checked} would not have the signatures needed${without}:`,
          ...names,
        ].join('\n');
      },
    };
  },
});

function judge(file: CommittedManifest, trust: Trust): readonly Problem[] {
  const { path, result } = file;
  if (!result.ok) return result.problems;
  return evaluateTrust({ path, manifest: result.manifest, locate: result.locate }, trust, 'merged').problems;
}

function withRevoked(trust: Trust, keyids: readonly string[]): Trust {
  const added = keyids.map((keyid) => [keyid, { keyid, reason: 'asked by holdfast audit' }] as const);
  return { ...trust, revoked: new Map([...trust.revoked, ...added]) };
}

async function keyidsOf(named: string, cwd: string): Promise<readonly string[]> {
  if (/^SHA256:[A-Za-z0-9+/]{43}$/.test(named)) return [named];
  if (named.startsWith('SHA256:')) {
    throw new Misuse(
      '--key expects a whole fingerprint: SHA256: and 43 characters',
      'ssh-keygen -lf public-keys/NAME.pub prints it',
    );
  }
  const text = new TextDecoder().decode(await readOperand(cwd, named));
  return parsePublicKeys(text).map((key) => key.keyid);
}
