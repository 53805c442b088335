import { dirname, resolve } from 'node:path';
import { hasErrors, type Manifest, type PolicyDocument, type Problem } from '@holdfast/manifest';
import { problem, signsTheSame, type United, uniteSignatures } from '@holdfast/manifest/internal';
import { commandPath, count, escapeText } from '@holdfast/manifest/text';
import { setMergeDriver } from '@holdfast/repository';
import { defineCommand, type Report, type Tools } from '../frame/command.ts';
import { exitCode } from '../frame/exit-code.ts';
import { holdingFile } from '../frame/file-lock.ts';
import { Misuse } from '../frame/misuse.ts';
import { fromCwd } from '../frame/operand-file.ts';
import { type MergeSides, sidesInConflict, sidesNamed } from '../keys/merge-sides.ts';
import type { SignableFile } from '../keys/signable.ts';
import { trustFrom } from '../keys/trust-folder.ts';
import { writeDocument } from '../manifest/manifest-file.ts';
import { repositoryAround } from '../repository/committed.ts';
import { signatureDriver } from '../repository/signature-driver.ts';

export const merge = defineCommand({
  operands: '[FILE | BASE OURS THEIRS]',
  arity: [0, 3],
  flags: {
    path: {
      type: 'string',
      value: 'PATH',
      about: 'with three files: the path of the file in the repository, as git names it with %P',
    },
    'set-up': {
      type: 'boolean',
      about: 'let git run this command in this clone, for the files that .gitattributes names',
    },
  },
  about:
    'Two people signed the same dataset, each on a branch of their own: merge keeps the signatures of both. Signatures that a known key did not make are left out. What is not equal is refused. With three files the result is written to OURS, as git asks of a merge driver.',
  examples: [
    { about: 'after git merge reports a conflict', command: 'holdfast merge manifests/tides-v1.0.0.json' },
    { about: 'let git do so by itself in this clone', command: 'holdfast merge --set-up' },
  ],
  async run({ operands, flags }, tools) {
    if (flags['set-up']) return setUp(operands, tools);
    const [first, second, third] = operands;
    if (first === undefined || (second !== undefined && third === undefined)) {
      throw new Misuse(
        `merge expects FILE, or BASE OURS THEIRS; got ${count(operands.length, 'file')}`,
        'holdfast merge --help shows examples',
      );
    }
    const sides =
      second === undefined || third === undefined
        ? () => sidesInConflict(tools.cwd, first)
        : () => sidesNamed(tools.cwd, [first, second, third], flags.path);
    const { output } = await sides();
    // Read once more under the lock: another command may have signed meanwhile.
    return holdingFile(fromCwd(tools.cwd, output), tools.signal, async () =>
      united(await sides(), tools, third === undefined),
    );
  },
});

async function setUp(operands: readonly string[], tools: Tools): Promise<Report> {
  if (operands.length > 0)
    throw new Misuse('--set-up takes no file', 'run holdfast merge --set-up alone, once in each clone');
  await using repository = await repositoryAround(tools.cwd);
  await setMergeDriver(repository.path, signatureDriver);
  return {
    exitCode: exitCode.ok,
    result: { file: null, merged: false, setUp: true, added: [], leftOut: [], differs: [] },
    text: () =>
      'git now unites signatures in this clone, for the files that .gitattributes names: holdfast init writes that one',
  };
}

async function united(sides: MergeSides, tools: Tools, isConflict: boolean): Promise<Report> {
  const { path, output, base, ours, theirs } = sides;
  const [left, right] = [ours.signable?.document, theirs.signable?.document];
  if (left === undefined || right === undefined) return unreadable(path, ours, theirs);
  if (!signsTheSame(left, right)) return notEqual(path, differences(left, right));
  const loaded = await trustFrom(tools.cwd, undefined, dirname(resolve(tools.cwd, path))).catch(
    (error: unknown) => {
      if (error instanceof Misuse) return undefined;
      throw error;
    },
  );
  const keys = Array.from(loaded?.trust.keys.values() ?? [], ({ key }) => key);
  const result = uniteSignatures({ base: base?.signable?.document, ours: left, theirs: right }, keys);
  await writeDocument(tools.cwd, output, result.document);
  return {
    exitCode: exitCode.ok,
    result: {
      file: path,
      merged: true,
      setUp: false,
      added: result.added,
      leftOut: result.leftOut,
      differs: [],
    },
    quiet: '',
    text: (paint) =>
      [
        `${paint.green('merged')} ${paint.bold(escapeText(path))}: ${signatures(result)}`,
        ...result.leftOut.map(
          ({ keyid, reason }) =>
            `  ${paint.yellow('!')} ${
              reason === 'false'
                ? `left out: a signature that ${keyid} did not make`
                : `left out: the signature by ${keyid}, an unknown key beyond the 16 that a file takes`
            }`,
        ),
        ...(isConflict ? [`next: git add ${commandPath(path, 'FILE')}`] : []),
      ].join('\n'),
  };
}

function signatures({ document, added }: United<Manifest | PolicyDocument>): string {
  const all = count(document.signatures.length, 'signature');
  return added.length === 0 ? all : `${all}, ${added.length} from the other side`;
}

function refused(path: string, problems: readonly Problem[], differs: readonly string[]): Report {
  return {
    exitCode: exitCode.problems,
    result: { file: path, merged: false, setUp: false, added: [], leftOut: [], differs },
    problems,
    text: () => `${escapeText(path)} was not merged`,
  };
}

function unreadable(path: string, ours: SignableFile, theirs: SignableFile): Report {
  const named = [
    ['ours', ours],
    ['theirs', theirs],
  ] as const;
  const problems = named.flatMap(([side, file]) =>
    hasErrors(file.problems) ? file.problems.map((found) => ({ ...found, file: `${path} (${side})` })) : [],
  );
  return refused(path, problems, []);
}

function notEqual(path: string, differs: readonly string[]): Report {
  const message = `the two sides differ in more than signatures: ${differs.join(', ')}`;
  return refused(path, [problem({ code: 'merge/not-equal', message }, { file: path })], differs);
}

/** The members that differ. A manifest and a policy have none in common. */
function differences(left: Manifest | PolicyDocument, right: Manifest | PolicyDocument): readonly string[] {
  const [one, other] = [signedPart(left), signedPart(right)];
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].filter(
    (name) => JSON.stringify(one[name]) !== JSON.stringify(other[name]),
  );
}

function signedPart(document: Manifest | PolicyDocument): Readonly<Record<string, unknown>> {
  return { ...('dataset' in document ? document.dataset : document.policy) };
}
