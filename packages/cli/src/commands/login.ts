import { commandPath, escapeText } from '@holdfast/manifest/text';
import { defineCommand, type Tools } from '../frame/command.ts';
import { exitCode } from '../frame/exit-code.ts';
import { Misuse } from '../frame/misuse.ts';
import { homely } from '../keys/key-folder.ts';
import { keepCredential } from '../pinning/kept-credential.ts';
import { type NamedTarget, writeOwnTarget } from '../pinning/named-targets.ts';
import { openWith } from '../pinning/open-target.ts';
import { ofTarget } from '../pinning/target-error.ts';
import { chooseTarget, readableTargets, targetFlags, targetNamed } from '../pinning/target-flags.ts';

const { 'cluster-url': cluster, 'kubo-url': kubo, 'pinning-service': service } = targetFlags;
const inWords = 'the address of a new target of this name, written to your own targets.json';

export const login = defineCommand({
  operands: 'NAME',
  arity: [1, 1],
  flags: {
    'cluster-url': {
      type: cluster.type,
      value: cluster.value,
      multiple: true,
      about: `IPFS Cluster: ${inWords}`,
    },
    'kubo-url': { type: kubo.type, value: kubo.value, multiple: true, about: `Kubo: ${inWords}` },
    'pinning-service': { type: service.type, value: service.value, about: `pinning service: ${inWords}` },
    file: { type: 'boolean', about: 'keep it in a file of mode 0600, not in the keychain of the system' },
    unchecked: { type: 'boolean', about: 'keep it without asking the target whether it is right' },
  },
  about:
    'Asks for user:password or a token, or reads it from standard input; it is never an argument. Keeps it in the keychain of the system where there is one, else in a file that only you can read, and uses it for --target NAME at these addresses alone.',
  examples: [
    {
      about: 'a new target, and its credential',
      command: 'holdfast login lab --cluster-url https://cluster.example.org:9094',
    },
    { about: 'from a password manager', command: 'pass show lab | holdfast login lab' },
  ],
  async run({ operands: [name = ''], flags }, tools) {
    const named = await targetFor(name, flags, tools);
    if (named.kind === 'local') throw new Misuse(`${escapeText(name)} is a folder and takes no credential`);
    const secret = await secretOf(named, tools);
    if (!flags.unchecked) await tryOut(named, secret, tools);
    const own = named.isNew ? await writeOwnTarget(placeOf(named), tools) : named.file;
    const kept = await keepCredential(named, secret, flags.file ? 'file' : 'keychain', tools);
    return {
      exitCode: exitCode.ok,
      result: { name, kind: named.kind, places: named.places, file: own, kept, checked: !flags.unchecked },
      quiet: name,
      text: (paint) =>
        [
          `${paint.green('✓')} the credential of ${paint.bold(escapeText(name))} is in ${escapeText(homely(kept, tools.env))}`,
          `next: holdfast status --target ${commandPath(name, 'NAME')}`,
        ].join('\n'),
    };
  },
});

type Given = Parameters<typeof chooseTarget>[0];
type Wanted = NamedTarget & { readonly isNew?: true };

async function targetFor(
  name: string,
  flags: Pick<Given, 'cluster-url' | 'kubo-url' | 'pinning-service'>,
  tools: Tools,
): Promise<Wanted> {
  const known = await readableTargets(tools);
  const said = [flags['cluster-url'], flags['kubo-url'], flags['pinning-service'] ?? []].flat();
  if (said.length === 0) return targetNamed(name, known).named;
  if (!/^[a-z0-9][a-z0-9._-]{0,63}$/.test(name))
    throw new Misuse(
      `the name of a target has a-z, 0-9, ".", "_" and "-", got "${escapeText(name)}"`,
      'for example holdfast login lab --cluster-url URL',
    );
  const { kind, places } = await chooseTarget({ ...flags, target: [], local: [] }, { ...tools, env: {} });
  return { name, kind, places, gateways: [], file: 'your targets.json', isNew: true };
}

function placeOf({ name, kind, places }: NamedTarget) {
  const [url = '', ...more] = places;
  return more.length > 0 ? { name, kind, urls: [...places] } : { name, kind, url };
}

async function secretOf({ name }: NamedTarget, tools: Tools): Promise<string> {
  const given = tools.interactive
    ? await tools.stdin.ask(`user:password or token for ${name}: `, { hidden: true })
    : new TextDecoder().decode(tools.stdin.isTTY ? new Uint8Array() : await tools.stdin.read());
  const secret = given.replace(/\r?\n$/, '');
  if (secret !== '') return secret;
  throw new Misuse(
    'no credential was given',
    `type it when asked, or pipe it in: pass show ${commandPath(name, 'NAME')} | holdfast login ${commandPath(name, 'NAME')}`,
  );
}

/** A credential that is refused is not kept. */
async function tryOut(named: NamedTarget, secret: string, tools: Tools): Promise<void> {
  const chosen = { kind: named.kind, places: named.places, named };
  const target = await openWith(chosen, { named: 'the credential', secret }, tools);
  tools.waitingFor(target.label);
  try {
    await target.inspect({ signal: tools.signal });
  } catch (error) {
    throw ofTarget(error, chosen);
  } finally {
    target.close?.();
  }
}
