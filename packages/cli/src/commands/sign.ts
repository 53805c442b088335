import { dirname, relative, resolve, sep } from 'node:path';
import {
  evaluateTrust,
  hasErrors,
  importSshSignature,
  type Manifest,
  type PolicyDocument,
  type PrivateKey,
  type Signature,
  signManifest,
  signPolicy,
} from '@holdfast/manifest';
import { publishCommand } from '@holdfast/manifest/internal';
import { escapeText } from '@holdfast/manifest/text';
import { inBatches } from '../frame/batch.ts';
import { defineCommand, type Tools } from '../frame/command.ts';
import { exitCode } from '../frame/exit-code.ts';
import { Misuse } from '../frame/misuse.ts';
import { addToFile } from '../keys/add-to-file.ts';
import { readSignable, type Signable, type SignableFile, sshMessage } from '../keys/signable.ts';
import { signingKey } from '../keys/signing-key.ts';
import { sshSign } from '../keys/ssh-sign.ts';
import { trustFrom } from '../keys/trust-folder.ts';
import { whyUnlisted } from '../keys/unlisted-key.ts';
import { titleOf } from '../manifest/manifest-file.ts';

export const sign = defineCommand({
  operands: 'FILE…',
  names: 'datasets',
  arity: [1, 10_000],
  flags: {
    key: {
      type: 'string',
      value: 'NAME|FILE',
      names: 'keys',
      about: 'a key from holdfast keygen, or a private key file; default: $HOLDFAST_KEY, else your only key',
    },
    ssh: { type: 'string', value: 'FILE', about: 'your SSH key, or the .pub file of a key in your agent' },
  },
  about:
    'Adds a signature to each file, or replaces the former one by the same key. Signatures by other keys stay. For an encrypted key, sign asks for the password or reads HOLDFAST_PASSWORD.',
  examples: [
    { about: 'with your only key', command: 'holdfast sign manifests/tides-v1.0.0.json' },
    { about: 'with one of several', command: 'holdfast sign manifests/*.json --key alice' },
    {
      about: 'with your SSH key',
      command: 'holdfast sign manifests/tides-v1.0.0.json --ssh ~/.ssh/id_ed25519',
    },
  ],
  async run({ operands, flags }, tools) {
    if (flags.key !== undefined && flags.ssh !== undefined)
      throw new Misuse('--key and --ssh name two keys', 'use one at a time');
    const files = await inBatches(operands, (path) => readSignable(tools.cwd, path));
    const problems = files.flatMap((file) => file.problems);
    if (hasErrors(problems)) return refused(files);
    const signer =
      flags.ssh === undefined ? withKey(await signingKey(flags.key, tools)) : withSsh(flags.ssh, tools);
    const signed: Signed[] = [];
    for (const { path, signable } of files) {
      if (!signable) continue;
      const signature = await signer(signable);
      const { keyid } = signature;
      const document = await addToFile(path, signable, signature, tools);
      signed.push({
        path,
        title: titled(signable),
        keyid,
        hasContent: 'dataset' in document && document.dataset.withdrawn === undefined,
        ...(await standing(path, document, keyid, tools)),
      });
    }
    return {
      exitCode: exitCode.ok,
      result: {
        signed: signed.map(({ path, keyid, signer, explanation }) => ({
          file: path,
          keyid,
          signer: signer ?? null,
          trust: explanation ?? null,
        })),
      },
      problems: [],
      text: (paint) =>
        signed
          .map(({ path, title, keyid, signer, unlisted, explanation, enough }) =>
            [
              `${paint.green('signed')} ${paint.bold(escapeText(title))} as ${escapeText(signer ?? 'an unknown signer')} (${keyid})`,
              ...(signer === undefined ? [paint.yellow(`  ${escapeText(unlisted ?? '')}`)] : []),
              ...(explanation === undefined
                ? []
                : [`  ${escapeText(explanation)}${enough ? '' : paint.yellow(': not enough yet')}`]),
              `  ${escapeText(path)}`,
            ].join('\n'),
          )
          .concat(nextOf(signed))
          .join('\n'),
    };
  },
});

function refused(files: readonly SignableFile[]) {
  return {
    exitCode: exitCode.problems,
    result: { signed: [] },
    problems: files.flatMap((file) => file.problems),
    sources: new Map(files.map((file) => [file.path, file.text])),
    text: () => 'nothing was signed: fix the problems first',
  };
}

/** A signature is not the content: peers pin what somebody has. */
function nextOf(signed: readonly Signed[]): string[] {
  const [first] = signed.filter(({ hasContent }) => hasContent);
  return first === undefined
    ? []
    : [`next, unless a node has the content: ${publishCommand(first.path, 'FOLDER')}`];
}

type SignOne = (signable: Signable) => Promise<Signature>;

function withKey(privateKey: PrivateKey): SignOne {
  return async (signable) => {
    const { signatures } =
      signable.kind === 'manifest'
        ? await signManifest({ ...signable.document, signatures: [] }, privateKey)
        : await signPolicy({ ...signable.document, signatures: [] }, privateKey);
    return signatures[0] as Signature;
  };
}

function withSsh(key: string, tools: Tools): SignOne {
  return async (signable) => {
    const { namespace, message } = sshMessage(signable);
    return importSshSignature(await sshSign(key, namespace, message, tools));
  };
}

interface Standing {
  readonly signer?: string;
  /** Why the key belongs to no signer, and what to do. */
  readonly unlisted?: string;
  readonly explanation?: string;
  readonly enough?: boolean;
}

interface Signed extends Standing {
  readonly path: string;
  readonly title: string;
  readonly keyid: string;
  /** Of a dataset that is not withdrawn. */
  readonly hasContent: boolean;
}

function titled(signable: Signable): string {
  return signable.kind === 'manifest'
    ? titleOf(signable.document)
    : `policy version ${signable.document.policy.version}`;
}

/** Whether the signatures suffice, by the nearest folder of keys. */
async function standing(
  path: string,
  document: Manifest | PolicyDocument,
  keyid: string,
  tools: Tools,
): Promise<Standing> {
  const place = resolve(tools.cwd, path);
  const loaded = await trustFrom(tools.cwd, undefined, dirname(place));
  const signer = loaded?.trust.keys.get(keyid)?.signer;
  const known = signer === undefined ? { unlisted: await whyUnlisted(keyid, loaded, tools) } : { signer };
  if (!loaded || !('dataset' in document)) return known;
  const inRepository = relative(loaded.root, place).split(sep).join('/');
  const verdict = evaluateTrust(
    { path: inRepository, manifest: document as Manifest },
    loaded.trust,
    tools.clock(),
  );
  return { ...known, explanation: verdict.explanation, enough: verdict.ok };
}
