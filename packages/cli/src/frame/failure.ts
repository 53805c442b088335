import { type ExitCode, exitCode } from './exit-code.ts';
import { Misuse } from './misuse.ts';

/** How an error ends the process, and what is said of it. */
export interface Failure {
  readonly exitCode: ExitCode;
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

const fileFailures: Readonly<Record<string, string>> = {
  EACCES: 'you are not allowed to read or write there: check the permissions',
  EPERM: 'you are not allowed to read or write there: check the permissions',
  ENOSPC: 'the disk is full: free some space and run the same command again',
  EROFS: 'the file system is read-only: choose another place with -o',
  EMFILE: 'too many files are open: raise the limit with ulimit -n',
};

/** What the command line names is not usable: the same command ends the same way until that changes. */
const misuses: ReadonlySet<string> = new Set([
  'EISDIR',
  'ENOTDIR',
  'invalid',
  'unsupported',
  'not-found',
  'target-exists',
  'entry-unsupported',
  'path-invalid',
  'path-conflict',
  'path-unsafe',
  'path-missing',
  'cid-invalid',
  'source-invalid',
  'revision-invalid',
]);

/** What to do, by the codes of the packages' error classes; a package's own hint goes first. */
const hints: Readonly<Record<string, string>> = {
  unauthorized:
    'the credentials were refused: set CLUSTER_AUTH (user:password or a token), KUBO_AUTH for a node, or PINNING_SERVICE_TOKEN',
  unavailable: 'is it running, and is the address right? Try again: what was done already is not repeated',
  refused: 'is this the RPC address of the node, for example http://127.0.0.1:5001? Its log says more',
  timeout: 'try again: what was done already is not repeated; pin and heal take --timeout for longer',
  'sources-exhausted':
    'name another place to read from: --gateway or --kubo-url of fetch, --content of verify; holdfast status shows who has it',
  'write-failed': 'is there room, and may you write there? -o names another place',
  'changed-while-reading': 'let what writes to the folder finish, and run the same command again',
  'git-missing': 'install git, and see that it is on PATH',
  'fetch-failed': 'git fetch brings what is missing; in a shallow clone git fetch --unshallow does',
  'not-enough-peers':
    'add peers, lower the tier, or set "tiers" in the policy; holdfast status shows the peers',
};

export function failureOf(error: unknown): Failure {
  if (error instanceof Misuse) {
    return { exitCode: exitCode.misuse, code: 'misuse', message: error.message, ...hintOf(error.hint) };
  }
  if (!(error instanceof Error)) {
    return { exitCode: exitCode.world, code: 'unknown', message: String(error) };
  }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (code === undefined) {
    return {
      exitCode: exitCode.world,
      code: 'bug',
      message: `holdfast itself failed: ${error.message}`,
      hint: 'please report it with the output of the same command under HOLDFAST_DEBUG=1',
    };
  }
  const own = 'hint' in error && typeof error.hint === 'string' ? error.hint : undefined;
  return {
    // What a key or signature that was named is not, it will not become by itself.
    exitCode: misuses.has(code) || /^(key|signature)\//.test(code) ? exitCode.misuse : exitCode.world,
    code,
    message: error.message,
    ...hintOf(own ?? fileFailures[code] ?? hints[code]),
  };
}

function hintOf(hint: string | undefined): { hint?: string } {
  return hint === undefined ? {} : { hint };
}
