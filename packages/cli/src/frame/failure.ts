import { type ExitCode, exitCode } from './exit-code.ts';
import { Misuse } from './misuse.ts';

/** How an error ends the process, and what the person reads. */
export interface Failure {
  readonly exitCode: ExitCode;
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

const fileFailures: Readonly<Record<string, string>> = {
  EACCES: 'check who owns it and its permissions, or choose another place',
  EPERM: 'check who owns it and its permissions, or choose another place',
  ENOSPC: 'free some space and run the same command again',
  EDQUOT: 'free some of your space and run the same command again',
  EROFS: 'the file system is read-only: choose another place, for example with -o',
  EMFILE: 'too many files are open: raise the limit with ulimit -n',
};

/** A file or value on the command line is not usable: the same command fails again until that changes. */
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
  'name-invalid',
  'revision-invalid',
]);

/** What to do, by the codes of the packages' error classes; a package's own hint goes first. */
const hints: Readonly<Record<string, string>> = {
  unauthorized:
    'the credentials were refused: set CLUSTER_AUTH (user:password or a token), KUBO_AUTH for a node, or PINNING_SERVICE_TOKEN',
  'wrong-address': 'check the address: http:// or https://, the host and the port',
  unavailable:
    'is it running, and is the address right? Then run the same command again: finished work is not repeated',
  refused: 'is this the RPC address of the node, for example http://127.0.0.1:5001? Its log says more',
  timeout: 'run the same command again: finished work is not repeated; pin and heal take a longer --timeout',
  'sources-exhausted':
    'read from elsewhere: fetch takes --gateway and --kubo-url, verify takes --content; holdfast status shows who has a copy',
  'name-unresolved':
    'is the name right, and are the routers? holdfast name resolve takes --router; holdfast name publish writes it again',
  'name-unpublished': 'run the same command again: publishing twice does no harm; --router names other nodes',
  'write-failed': 'check free space and permissions, or choose another place with -o',
  'changed-while-reading': 'wait until nothing writes to the folder, then run the same command again',
  'entry-unsupported': 'for symbolic links, add --symlinks skip or --symlinks follow, as for holdfast create',
  'git-missing': 'install git and make sure it is on PATH',
  'fetch-failed': 'run git fetch; in a shallow clone run git fetch --unshallow',
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
      hint: 'please report it, with the output of the same command under HOLDFAST_DEBUG=1',
    };
  }
  const own = 'hint' in error && typeof error.hint === 'string' ? error.hint : undefined;
  return {
    // A key or signature that is unusable stays so: trying again does not help.
    exitCode: misuses.has(code) || /^(key|signature)\//.test(code) ? exitCode.misuse : exitCode.world,
    code,
    message: error.message,
    ...hintOf(own ?? fileFailures[code] ?? causedBy(error) ?? hints[code]),
  };
}

/** What the system said under a package's error tells more than the kind of that error. */
function causedBy({ cause }: Error): string | undefined {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' && Object.hasOwn(fileFailures, code) ? fileFailures[code] : undefined;
}

function hintOf(hint: string | undefined): { hint?: string } {
  return hint === undefined ? {} : { hint };
}
