import { hasErrors, type Problem, type Trust } from '@holdfast/manifest';
import { evaluateTrustAsync, explainTrust, fallenLine, parsePublicKeys } from '@holdfast/manifest/internal';
import { count, escapeText, nearest } from '@holdfast/manifest/text';
import { defineCommand } from '../frame/command.ts';
import { exitCode } from '../frame/exit-code.ts';
import { Misuse } from '../frame/misuse.ts';
import { readOperand } from '../frame/operand-file.ts';
import { titleOf } from '../manifest/manifest-file.ts';
import { type Committed, type CommittedManifest, readCommitted } from '../repository/committed.ts';

export const audit = defineCommand({
  operands: '',
  arity: [0, 0],
  flags: {
    key: {
      type: 'string',
      value: 'ID',
      about:
        'a key to treat as revoked: its fingerprint (SHA256:…), a .pub file, or the name of a signer for all their keys',
    },
    at: { type: 'string', value: 'REVISION', about: 'the commit to audit; default: HEAD' },
    'public-keys': {
      type: 'string',
      value: 'DIR',
      about: 'folder of the keys and the policy in that commit; default: public-keys',
    },
  },
  about: 'Checks every manifest of a commit. Without --key it uses the keys and the policy as they are.',
  examples: [
    { about: 'which manifests need a key', command: 'holdfast audit --key public-keys/alice.pub' },
    {
      about: 'the same by fingerprint',
      command: 'holdfast audit --key SHA256:6Ky5mH/GGWAZVTAk0vLGpOsX0h7gP0Kq0k7mD6mUx4A',
    },
  ],
  async run({ flags }, tools) {
    const committed = await readCommitted(tools.cwd, flags.at ?? 'HEAD', flags['public-keys']);
    const keyids = flags.key === undefined ? [] : await keyidsOf(flags.key, committed, tools.cwd);
    for (const keyid of keyids) checkKnown(keyid, committed);
    const trust = withRevoked(committed.trust, keyids);
    const judged = await Promise.all(
      committed.manifests.map(async (file) => ({ file, problems: await judge(file, trust) })),
    );
    const fallen = judged.filter(({ problems }) => hasErrors(problems));
    const { warnings } = await explainTrust(committed.trust, trust, filesOf(committed), {
      at: tools.clock(),
    });
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
        const without = ['', ' without that key'][keyids.length] ?? ' without those keys';
        const checked = count(judged.length, 'manifest');
        if (fallen.length === 0)
          return `${paint.green('✓')} ${checked}: all have the signatures they need${without}`;
        const names = fallen.map((one) => `  ${escapeText(lineOf(one))}`);
        const grave = warnings.map((line) => `  ${paint.yellow('!')} ${escapeText(line)}`);
        return [
          `${paint.red('✗')} ${fallen.length} of ${checked} would lack signatures${without}:`,
          ...grave,
          ...names,
        ].join('\n');
      },
    };
  },
});

/** The words in which the check of a pull request says it. */
function lineOf({ file: { path, result }, problems }: Judged): string {
  if (!result.ok) return path;
  const { name, version } = result.manifest.dataset;
  const explanation = problems.find(({ severity }) => severity === 'error')?.message ?? 'does not verify';
  return fallenLine({ path, name, version, explanation });
}

function filesOf({ manifests }: Committed) {
  return manifests.map(({ path, text, result }) => ({
    path,
    bytes: () => new TextEncoder().encode(text),
    read: result,
  }));
}

async function judge({ path, result }: CommittedManifest, trust: Trust): Promise<readonly Problem[]> {
  if (!result.ok) return result.problems;
  const { manifest } = result;
  return (await evaluateTrustAsync({ path, manifest }, trust, 'merged')).problems;
}

interface Judged {
  readonly file: CommittedManifest;
  readonly problems: readonly Problem[];
}

function withRevoked(trust: Trust, keyids: readonly string[]): Trust {
  const added = keyids.map((keyid) => [keyid, { keyid, reason: 'asked by holdfast audit' }] as const);
  return {
    ...trust,
    revoked: new Map<string, { keyid: string; reason: string }>([...trust.revoked, ...added]),
  };
}

/** Nothing depends on a mistyped key, but to say so would be a trap. */
function checkKnown(keyid: string, { trust, manifests, commit }: Committed): void {
  const signed = manifests.some(
    ({ result }) => result.ok && result.manifest.signatures.some((signature) => signature.keyid === keyid),
  );
  if (signed || trust.keys.has(keyid)) return;
  const near = nearest(keyid, trust.keys.keys());
  throw new Misuse(
    `no signer has the key ${keyid} at ${commit.slice(0, 12)}, and no manifest is signed with it${near ? `; did you mean ${near}?` : ''}`,
    'holdfast inspect FILE shows who signed a manifest, and with which key',
  );
}

async function keyidsOf(named: string, { trust }: Committed, cwd: string): Promise<readonly string[]> {
  if (/^SHA256:[A-Za-z0-9+/]{43}$/.test(named)) return [named];
  if (named.startsWith('SHA256:')) {
    throw new Misuse(
      '--key expects a whole fingerprint: SHA256: and 43 characters',
      'ssh-keygen -lf public-keys/NAME.pub prints it',
    );
  }
  const ofSigner = [...trust.keys].filter(([, { signer }]) => signer === named).map(([keyid]) => keyid);
  if (ofSigner.length > 0) return ofSigner;
  const keys = parsePublicKeys(new TextDecoder().decode(await readOperand(cwd, named)));
  if (keys.length === 0) throw new Misuse(`${escapeText(named)} holds no key`, 'name a .pub file');
  return keys.map((key) => key.keyid);
}
