import { readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { formatPublicKey, hasErrors, type PublicKey } from '@holdfast/manifest';
import { parsePublicKeys } from '@holdfast/manifest/internal';
import { escapeText } from '@holdfast/manifest/text';
import { defineCommand, type Report, type Tools, type Values } from '../frame/command.ts';
import { exitCode } from '../frame/exit-code.ts';
import { holdingFile } from '../frame/file-lock.ts';
import { listed } from '../frame/flags.ts';
import { Misuse } from '../frame/misuse.ts';
import { exists, readOperand } from '../frame/operand-file.ts';
import { unknownSigner, withoutSigner, withSigner } from '../keys/policy-edit.ts';
import { changeSigners, type SignerPlace } from '../keys/signer-change.ts';
import { type LoadedTrust, trustFrom } from '../keys/trust-folder.ts';

const flags = {
  rule: {
    type: 'string',
    value: 'PATTERN',
    multiple: true,
    about: 'add: the rules to join, by one of their patterns; default: all rules',
  },
  root: { type: 'boolean', about: 'add: may also change keys and policy' },
  from: { type: 'string', value: 'TIME', about: 'add: signatures count from then on' },
  until: { type: 'string', value: 'TIME', about: 'add: signatures count until then' },
  'dry-run': { type: 'boolean', about: 'say what would change; write nothing' },
  'public-keys': {
    type: 'string',
    value: 'DIR',
    about: 'folder of the keys and the policy; default: the nearest public-keys',
  },
} as const;

type SignerFlags = Values<typeof flags>;

export const signer = defineCommand({
  operands: 'list|add|remove [NAME] [KEYFILE]',
  arity: [1, 3],
  flags,
  about:
    'Who may sign. add takes the public key of a person from KEYFILE, or from public-keys/NAME.pub, and writes them into the policy; remove takes them out. The change goes into a pull request of its own, and a policy with a root then needs its signatures.',
  examples: [
    { about: 'who may sign what', command: 'holdfast signer list' },
    { about: 'a new signer, with the key they sent', command: 'holdfast signer add bob ~/Downloads/bob.pub' },
    {
      about: 'for one rule, until the end of next year',
      command: 'holdfast signer add bob --rule "manifests/tides/**" --until 2027-12-31T00:00:00Z',
    },
    { about: 'what it would mean to lose one', command: 'holdfast signer remove bob --dry-run' },
  ],
  async run({ operands: [word = '', name, file], flags }, tools) {
    const loaded = await trustFrom(tools.cwd, flags['public-keys']);
    if (loaded === undefined)
      throw new Misuse('there is no folder public-keys', 'holdfast init creates it with your key in it');
    if (word === 'list') return listSigners(loaded);
    if (word !== 'add' && word !== 'remove')
      throw new Misuse(
        `signer takes ${listed(['list', 'add', 'remove'])}, not "${escapeText(word)}"`,
        'holdfast signer --help shows what it takes',
      );
    if (name === undefined || !/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name))
      throw new Misuse(
        `signer ${word} expects the name of a signer: letters, digits, ".", "_" and "-"`,
        `for example holdfast signer ${word} bob`,
      );
    if (hasErrors(loaded.problems))
      return {
        exitCode: exitCode.problems,
        result: null,
        problems: loaded.problems,
        text: () => 'not changed',
      };
    const folder = resolve(tools.cwd, loaded.folder);
    return holdingFile(join(folder, 'policy.json'), tools.signal, () =>
      word === 'add'
        ? addSigner(name, file, { loaded, folder }, flags, tools)
        : removeSigner(name, { loaded, folder }, flags, tools),
    );
  },
});

async function addSigner(
  name: string,
  file: string | undefined,
  place: SignerPlace,
  flags: SignerFlags,
  tools: Tools,
): Promise<Report> {
  const { loaded, folder } = place;
  const own = join(folder, `${name}.pub`);
  const shown = relative(tools.cwd, file === undefined ? own : resolve(tools.cwd, file));
  if (file === undefined && !(await exists(own)))
    throw new Misuse(
      `there is no key of ${escapeText(name)}: ${escapeText(shown)} does not exist`,
      `name the file they sent: holdfast signer add ${name} KEYFILE`,
    );
  const keys = keysIn(await readOperand(tools.cwd, shown), shown);
  const taken = keys.find(({ keyid }) => (loaded.trust.keys.get(keyid)?.signer ?? name) !== name);
  if (taken !== undefined)
    throw new Misuse(
      `${taken.keyid} is already the key of ${escapeText(loaded.trust.keys.get(taken.keyid)?.signer ?? '')}`,
      'a person counts once: give each signer keys of their own',
    );
  const before = file === undefined ? keys : [...(await ownKeys(own)), ...keys];
  const whole = [...new Map(before.map((key) => [key.keyid, key])).values()];
  const text = whole.map((key) => `${formatPublicKey({ ...key, comment: key.comment ?? name })}\n`).join('');
  const keyids = whole.map(({ keyid }) => keyid);
  const wish = {
    name,
    keyids,
    rules: flags.rule,
    root: flags.root,
    validFrom: flags.from,
    validUntil: flags.until,
  };
  const policy = loaded.trust.document && withSigner(loaded.trust.document, wish);
  if (policy === undefined && (flags.rule.length > 0 || flags.root || flags.from || flags.until))
    throw new Misuse(
      'there is no policy: without one, every key in public-keys may sign everything',
      'write public-keys/policy.json first: docs/trust-policy.md shows one',
    );
  return changeSigners(
    { place, policy, keyFile: { path: own, text: file === undefined ? undefined : text }, name },
    flags['dry-run'],
    tools,
  );
}

async function removeSigner(
  name: string,
  place: SignerPlace,
  flags: SignerFlags,
  tools: Tools,
): Promise<Report> {
  const { loaded, folder } = place;
  if (!loaded.trust.signers.has(name)) throw unknownSigner(name, [...loaded.trust.signers.keys()]);
  const policy = loaded.trust.document && withoutSigner(loaded.trust.document, name);
  if (policy === undefined && loaded.trust.signers.size === 1)
    throw new Misuse(
      `${escapeText(name)} is the only signer: without them nobody could sign anything`,
      'add another signer first: holdfast signer add NAME KEYFILE',
    );
  const own = join(folder, `${name}.pub`);
  const isShared = Object.values(policy?.policy.signers ?? {}).some(({ keys }) =>
    keys.includes(`${name}.pub`),
  );
  const keyFile = isShared || !(await exists(own)) ? undefined : { path: own, text: null };
  return changeSigners({ place, policy, keyFile, name }, flags['dry-run'], tools);
}

function keysIn(bytes: Uint8Array, shown: string): readonly PublicKey[] {
  try {
    return parsePublicKeys(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new Misuse(
      `${escapeText(shown)} is not a file of public keys: ${(error as Error).message}`,
      'it expects OpenSSH lines of Ed25519 keys, as holdfast keygen and ssh-keygen -t ed25519 write them',
    );
  }
}

async function ownKeys(path: string): Promise<readonly PublicKey[]> {
  return (await exists(path)) ? keysIn(await readFile(path), path) : [];
}

function listSigners({ trust, problems }: LoadedTrust): Report {
  const rulesOf = (name: string) =>
    trust.rules.filter(({ signers }) => signers.includes(name)).flatMap(({ patterns }) => patterns);
  const signers = [...trust.signers.values()].map(({ name, keys, validFrom, validUntil }) => ({
    name,
    keyids: keys.map(({ keyid }) => keyid),
    rules: rulesOf(name),
    root: trust.root?.signers.includes(name) ?? false,
    from: validFrom?.toISOString() ?? null,
    until: validUntil?.toISOString() ?? null,
  }));
  return {
    exitCode: hasErrors(problems) ? exitCode.problems : exitCode.ok,
    result: { signers, revoked: [...trust.revoked.keys()] },
    problems,
    quiet: signers.map(({ name }) => name).join('\n'),
    text: (paint) =>
      signers
        .flatMap(({ name, keyids, rules, root, from, until }) => [
          `${paint.bold(escapeText(name))}${root ? '  root' : ''}${from ? `  from ${from}` : ''}${until ? `  until ${until}` : ''}`,
          ...keyids.map((keyid) => `  ${paint.dim(keyid)}`),
          `  signs ${rules.length === 0 ? 'nothing: no rule names them' : rules.map(escapeText).join(', ')}`,
        ])
        .join('\n') || 'no signers yet: holdfast signer add NAME KEYFILE',
  };
}
