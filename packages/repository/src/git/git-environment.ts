/**
 * Settings on the command line override the clone's own config. That config makes git run no program but two, which are where
 * `actions/checkout` and runners keep credentials: `core.sshCommand` and credential helpers. No pull request can write that file.
 */
export const guards: readonly string[] = [
  '--no-pager',
  '--no-replace-objects',
  '--no-optional-locks',
  '--literal-pathspecs',
  ...[
    'core.hooksPath=/dev/null',
    'core.fsmonitor=false',
    'core.alternateRefsCommand=',
    'fetch.recurseSubmodules=false',
    'submodule.recurse=false',
    'gc.auto=0',
    'maintenance.auto=false',
    'advice.detachedHead=false',
  ].flatMap((setting) => ['-c', setting]),
];

// What `git rev-parse --local-env-vars` lists, and variables that name a program to run.
const dropped = new Set([
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_OBJECT_DIRECTORY',
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_GRAFT_FILE',
  'GIT_INDEX_FILE',
  'GIT_NO_REPLACE_OBJECTS',
  'GIT_REPLACE_REF_BASE',
  'GIT_PREFIX',
  'GIT_SHALLOW_FILE',
  'GIT_COMMON_DIR',
  'GIT_NAMESPACE',
  'GIT_EXTERNAL_DIFF',
  'GIT_EXEC_PATH',
  'GIT_PAGER',
  'GIT_EDITOR',
  'GIT_TRACE',
  'GIT_TRACE2',
  'GIT_TRACE_CURL',
]);

export type Environment = Readonly<Record<string, string | undefined>>;

/** The environment of a git process: it asks nothing, translates nothing, and finds no objects elsewhere. */
export function gitEnvironment(
  outer: Environment,
  { header, fetches = false }: { readonly header?: FetchHeader | undefined; readonly fetches?: boolean } = {},
): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(outer)) {
    if (value !== undefined && !dropped.has(name) && !name.startsWith('GIT_TRACE')) environment[name] = value;
  }
  Object.assign(environment, {
    // Nothing but a fetch fetches: a partial clone would run what its remote calls upload-pack for every object it left out.
    GIT_ALLOW_PROTOCOL: fetches ? protocols(outer.GIT_ALLOW_PROTOCOL) : '',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '',
    SSH_ASKPASS: '',
    LC_ALL: 'C',
  });
  return header === undefined ? environment : withHeader(environment, header);
}

/**
 * Neither a helper that a remote or its address names, nor the protocol git, which a proxy program may serve; and none that the
 * outer environment forbids.
 */
function protocols(outer: string | undefined): string {
  const allowed = outer?.split(':');
  return ['file', 'http', 'https', 'ssh'].filter((name) => allowed?.includes(name) ?? true).join(':');
}

/** A header for requests to one server. It travels in the environment: other processes can read arguments. */
export interface FetchHeader {
  /** For example `https://github.com/`. */
  readonly url: string;
  readonly value: string;
}

function withHeader(
  environment: Record<string, string>,
  { url, value }: FetchHeader,
): Record<string, string> {
  const count = Number(environment.GIT_CONFIG_COUNT ?? '0') || 0;
  return {
    ...environment,
    GIT_CONFIG_COUNT: String(count + 2),
    // The empty value removes the header that checkout keeps: a server refuses two authorization headers.
    [`GIT_CONFIG_KEY_${count}`]: `http.${url}.extraheader`,
    [`GIT_CONFIG_VALUE_${count}`]: '',
    [`GIT_CONFIG_KEY_${count + 1}`]: `http.${url}.extraheader`,
    [`GIT_CONFIG_VALUE_${count + 1}`]: value,
  };
}
