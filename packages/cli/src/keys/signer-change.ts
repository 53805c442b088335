import { rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import {
  formatManifest,
  hasErrors,
  loadTrust,
  type PolicyDocument,
  type Problem,
  type Trust,
} from '@holdfast/manifest';
import { explainTrust, type TrustExplanation, warningLines } from '@holdfast/manifest/internal';
import { readTrustFiles } from '@holdfast/manifest/node';
import { commandPath, escapeText } from '@holdfast/manifest/text';
import type { Report, Tools } from '../frame/command.ts';
import { exitCode } from '../frame/exit-code.ts';
import { writeWhole } from '../frame/whole-file.ts';
import { manifestsOfWorkTree } from '../manifest/dataset-name.ts';
import { readCommitted } from '../repository/committed.ts';
import { numbered } from './policy-edit.ts';
import type { LoadedTrust } from './trust-folder.ts';

export interface SignerPlace {
  readonly loaded: LoadedTrust;
  /** The full path of the folder of keys. */
  readonly folder: string;
}

export interface SignerChange {
  readonly place: SignerPlace;
  /** Absent where there is no policy. */
  readonly policy: PolicyDocument | undefined;
  /** The text to write, null to remove it, undefined to leave it. */
  readonly keyFile: { readonly path: string; readonly text: string | null | undefined } | undefined;
  readonly name: string;
}

/** Judges the folder as it would be, says what that means, and writes it if nothing is wrong with it. */
export async function changeSigners(
  { place: { loaded, folder }, policy: edited, keyFile, name }: SignerChange,
  dryRun: boolean,
  tools: Tools,
): Promise<Report> {
  const policy = edited && numbered(edited, await mergedVersion(tools));
  const policyPath = join(folder, 'policy.json');
  const shown = (path: string) => relative(tools.cwd, path);
  const after = await trustWith(folder, {
    policy: policy && formatManifest(policy),
    keyFile,
    shown: loaded.folder,
  });
  if (hasErrors(after.problems))
    return { exitCode: exitCode.problems, result: null, problems: after.problems, text: () => 'not changed' };
  const meaning = await explained(loaded.trust, after.trust, tools);
  const warnings = warningLines(meaning);
  const wrote = [
    ...(keyFile?.text == null ? [] : [keyFile.path]),
    ...(policy === undefined ? [] : [policyPath]),
  ].map(shown);
  const removed = keyFile?.text === null ? [shown(keyFile.path)] : [];
  if (!dryRun) {
    // A policy that names a key file which is not there is an error: the file comes first, and goes last.
    if (keyFile?.text != null) await writeWhole(keyFile.path, keyFile.text);
    if (policy !== undefined) await writeWhole(policyPath, formatManifest(policy));
    if (keyFile?.text === null) await rm(keyFile.path);
  }
  const root = policy?.policy.root;
  const next = nextSteps([...wrote, ...removed], shown(policyPath), root, name);
  return {
    exitCode: exitCode.ok,
    result: {
      signer: name,
      written: !dryRun,
      files: wrote,
      removed,
      version: policy?.policy.version ?? null,
      warnings,
      changes: meaning.lines,
      needs: root === undefined ? null : { threshold: root.threshold, of: root.signers },
    },
    problems: after.problems,
    quiet: [...wrote, ...removed].join('\n'),
    text: (paint) =>
      [
        ...(dryRun ? ['nothing was written; this would change:'] : []),
        ...wrote.map((path) => `${paint.green('wrote')} ${escapeText(path)}`),
        ...removed.map((path) => `${paint.yellow('removed')} ${escapeText(path)}`),
        ...warnings.map((line) => `  ${paint.yellow('!')} ${escapeText(line)}`),
        ...meaning.lines.map((line) => `  ${escapeText(line)}`),
        ...(dryRun ? [] : next),
      ].join('\n'),
  };
}

function nextSteps(
  paths: readonly string[],
  policyPath: string,
  root: PolicyDocument['policy']['root'],
  name: string,
): string[] {
  const files = paths.map((path) => commandPath(path, 'FILE')).join(' ');
  const commit = `git add ${files} && git commit -m "Change the signer ${name}"`;
  const own = 'propose it in a pull request of its own: one changes keys or manifests, not both';
  if (root === undefined) return [`next: ${commit}`, `      ${own}`];
  return [
    `next: ${root.threshold} of ${root.signers.map(escapeText).join(', ')} sign it: holdfast sign ${commandPath(policyPath, 'FILE')}`,
    `      ${commit}`,
    `      ${own}`,
  ];
}

/** The folder as it would be after the change. */
async function trustWith(
  folder: string,
  change: {
    readonly policy: string | undefined;
    readonly keyFile: SignerChange['keyFile'];
    readonly shown: string;
  },
): Promise<{ readonly trust: Trust; readonly problems: readonly Problem[] }> {
  const encode = (text: string) => new TextEncoder().encode(text);
  const files = await readTrustFiles(folder);
  const changed = new Map(files.map(({ path, bytes }) => [path, bytes]));
  const { keyFile, policy } = change;
  const keyName = keyFile && relative(folder, keyFile.path);
  if (keyName !== undefined && keyFile?.text === null) changed.delete(keyName);
  if (keyName !== undefined && keyFile?.text != null) changed.set(keyName, encode(keyFile.text));
  if (policy !== undefined) changed.set('policy.json', encode(policy));
  return loadTrust(
    Array.from(changed, ([path, bytes]) => ({ path, bytes })),
    { folder: change.shown },
  );
}

/** In the words of the check of a pull request. */
async function explained(before: Trust, after: Trust, { cwd, clock }: Tools): Promise<TrustExplanation> {
  const files = (await manifestsOfWorkTree(cwd)).map(({ path, ...read }) => ({
    path,
    bytes: () => new Uint8Array(),
    read,
  }));
  return explainTrust(before, after, files, { at: clock() });
}

/** Of the policy of the last commit; undefined where there is none. */
async function mergedVersion({ cwd }: Tools): Promise<number | undefined> {
  const committed = await readCommitted(cwd, 'HEAD').catch(() => undefined);
  return committed?.trust.policy?.version;
}
