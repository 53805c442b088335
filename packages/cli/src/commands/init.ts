import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { formatManifest, formatPublicKey } from '@holdfast/manifest';
import { commandPath, escapeText } from '@holdfast/manifest/text';
import { setMergeDriver } from '@holdfast/repository';
import { ask } from '../frame/ask.ts';
import { defineCommand, type Tools } from '../frame/command.ts';
import { exitCode } from '../frame/exit-code.ts';
import { holdingFile } from '../frame/file-lock.ts';
import { Misuse } from '../frame/misuse.ts';
import { exists } from '../frame/operand-file.ts';
import { writeWhole } from '../frame/whole-file.ts';
import { firstPolicy } from '../keys/first-policy.ts';
import { homely, keyEnding, keyFolder, keyNames } from '../keys/key-folder.ts';
import { createKey, type NewKey } from '../keys/new-key.ts';
import { signingKey } from '../keys/signing-key.ts';
import { addCommitHook } from '../repository/commit-hook.ts';
import { signatureAttributes, signatureDriver } from '../repository/signature-driver.ts';
import { defaultBranch, workTreeAround } from '../repository/work-tree.ts';
import { workflowFiles } from '../repository/workflow-files.ts';

export const init = defineCommand({
  operands: '',
  arity: [0, 0],
  flags: {
    signer: {
      type: 'string',
      value: 'NAME',
      about:
        'name of the first signer; reuses a key of that name if you have one. Where there are keys, it adds none',
    },
    password: {
      type: 'boolean',
      about: 'encrypt the private key: asks for a password; with HOLDFAST_PASSWORD it always is',
    },
    'no-policy': {
      type: 'boolean',
      about: 'write no policy: every key in public-keys may then sign everything',
    },
    hook: {
      type: 'boolean',
      about: 'also check what is staged at each commit in this clone, with a pre-commit hook of git',
    },
    ref: {
      type: 'string',
      value: 'REF',
      about: 'release of the actions; default: the release of this command',
    },
  },
  about:
    'Writes folders, workflows, a key and a policy, and lets git unite signatures in this clone. Keeps files that exist, so you can run it again.',
  examples: [
    { about: 'in the repository of your manifests', command: 'holdfast init --signer alice' },
    { about: 'with an encrypted key', command: 'holdfast init --signer alice --password' },
    { about: 'in a clone of such a repository: check at each commit', command: 'holdfast init --hook' },
  ],
  async run({ flags }, tools) {
    const tree = await workTreeAround(tools.cwd);
    if (!tree)
      throw new Misuse(
        'this folder is not in a git repository',
        'create one with git init, or cd to the repository of your manifests',
      );
    const branch = await defaultBranch(tree.root);
    const files: Record<string, string> = {
      'manifests/.gitkeep': '',
      ...workflowFiles({ ref: flags.ref ?? `v${tools.program.version}`, branch }),
    };
    const there = await keysIn(tree.root);
    if (flags.signer !== undefined && there.length > 0) tools.note(keptKeys(flags.signer, there));
    const key = there.length > 0 ? undefined : await firstKey(tree.root, flags, tools);
    if (key && !flags['no-policy'])
      files['public-keys/policy.json'] = formatManifest(firstPolicy(key.signer, key.keyid));
    const { wrote, kept } = await writeAll(tree.root, files, tools.signal);
    kept.push(...there);
    if (await addLines(join(tree.root, '.gitattributes'), signatureAttributes, tools.signal))
      wrote.push('.gitattributes');
    await setMergeDriver(tree.root, signatureDriver);
    const hook = flags.hook ? await addCommitHook(tree.root) : undefined;
    if (hook?.state === 'other')
      tools.note(
        `${escapeText(relative(tools.cwd, hook.place))} is a hook of yours, and is left as it is\n  help: add this line to it: ${hook.line}`,
      );
    const shown = [...(key ? [relative(tree.root, join(tools.cwd, key.publicKey))] : []), ...wrote].sort();
    return {
      exitCode: exitCode.ok,
      result: {
        root: tree.root,
        wrote: shown,
        kept,
        key: key ? { signer: key.signer, keyid: key.keyid, privateKey: key.privateKey } : null,
        hook: hook ? { file: hook.place, state: hook.state } : null,
      },
      quiet: shown.join('\n'),
      text: (paint) =>
        [
          ...shown.map((path) => `${paint.green('wrote')} ${escapeText(path)}`),
          ...kept.map((path) => `${paint.dim('kept')}  ${escapeText(path)}`),
          ...(hook && hook.state !== 'other'
            ? [`git checks what is staged at each commit: ${escapeText(relative(tools.cwd, hook.place))}`]
            : []),
          ...(key
            ? [
                `your private key is ${paint.bold(escapeText(homely(key.privateKey, tools.env)))}: never commit it`,
              ]
            : []),
          '',
          paint.bold('Tell GitHub about your cluster'),
          '  gh variable set CLUSTER_URL --body https://cluster.example.org:9094',
          '  gh api --method PUT "repos/{owner}/{repo}/environments/ipfs-cluster"',
          '  gh secret set CLUSTER_AUTH --env ipfs-cluster',
          '  The last command asks for user:password or a token.',
          '',
          `Then limit that environment to the branch ${escapeText(branch)}, and require a review for .github and public-keys.`,
          'Git unites the signatures of two branches in this clone. In another one, run: holdfast merge --set-up',
          'next: git add .gitattributes .github manifests public-keys && git commit -m "Set up Holdfast", then holdfast create FOLDER',
        ].join('\n'),
    };
  },
});

/** The public keys that are there already. */
async function keysIn(root: string): Promise<readonly string[]> {
  const names = await readdir(join(root, 'public-keys')).catch(() => []);
  return names
    .filter((name) => name.endsWith('.pub'))
    .sort()
    .map((name) => `public-keys/${name}`);
}

/** Who else may sign is a change of trust: init makes it for an empty folder alone. */
function keptKeys(signer: string, there: readonly string[]): string {
  const own = `public-keys/${signer}.pub`;
  if (there.includes(own))
    return `${escapeText(own)} is there already: nothing changes for ${escapeText(signer)}`;
  return `public-keys has keys already, so --signer adds none for ${escapeText(signer)}\n  help: holdfast keygen ${commandPath(signer, 'NAME')}; then propose the new key in a pull request of its own`;
}

/** A key for a repository that has none. */
async function firstKey(
  root: string,
  flags: { signer: string | undefined; password: boolean },
  tools: Tools,
): Promise<Pick<NewKey, 'keyid' | 'privateKey' | 'publicKey'> & { signer: string }> {
  const user = (tools.env.USER ?? tools.env.USERNAME ?? '').toLowerCase().replace(/[^a-z0-9._-]/g, '');
  const signer =
    flags.signer ?? (await ask({ flag: 'signer', text: 'Who signs', suggestion: user || undefined }, tools));
  const kept = await keyFor(signer, root, tools);
  if (kept) return { ...kept, signer };
  const key = await createKey({ name: signer, encrypt: flags.password }, { ...tools, cwd: root });
  return { ...key, publicKey: relative(tools.cwd, join(root, key.publicKey)), signer };
}

/** The key that this person already has, its public half written here too. */
async function keyFor(name: string, root: string, tools: Tools) {
  const folder = keyFolder(tools.env);
  if (!(await keyNames(folder)).includes(name)) return undefined;
  const { publicKey } = await signingKey(name, tools);
  const place = join(root, 'public-keys', `${name}.pub`);
  await writeWhole(place, `${formatPublicKey({ ...publicKey, comment: publicKey.comment ?? name })}\n`);
  return {
    keyid: publicKey.keyid,
    privateKey: join(folder, `${name}${keyEnding}`),
    publicKey: relative(tools.cwd, place),
  };
}

/** Adds the lines that a file lacks; true if there were any. */
function addLines(place: string, lines: readonly string[], signal: AbortSignal): Promise<boolean> {
  return holdingFile(place, signal, async () => {
    const text = (await exists(place)) ? await readFile(place, 'utf8') : '';
    const there = new Set(text.split(/\r?\n/).map((line) => line.trim()));
    const missing = lines.filter((line) => !there.has(line));
    if (missing.length === 0) return false;
    const before = text === '' || text.endsWith('\n') ? text : `${text}\n`;
    await writeWhole(place, `${before}${missing.join('\n')}\n`);
    return true;
  });
}

async function writeAll(root: string, files: Readonly<Record<string, string>>, signal: AbortSignal) {
  const wrote: string[] = [];
  const kept: string[] = [];
  for (const [path, text] of Object.entries(files)) {
    const place = join(root, path);
    const isNew = await holdingFile(place, signal, async () => {
      if (await exists(place)) return false;
      await writeWhole(place, text);
      return true;
    });
    (isNew ? wrote : kept).push(path);
  }
  return { wrote, kept };
}
