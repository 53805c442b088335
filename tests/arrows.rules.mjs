// Who may import whom. The picture is in docs/architecture.md; arrows.test.ts runs these.
const pkg = (name) => `^packages/${name}/`;
const actions = '^actions/';
const tested = '/(test|examples)/|vitest\\.config\\.ts$|tsup\\.config\\.ts$';

/** `name` may import these packages of the workspace and no others. */
const only = (name, allowed) => ({
  name: `${name}-imports`,
  severity: 'error',
  comment: `${name} may import ${allowed.length ? allowed.join(', ') : 'no other package of the workspace'}`,
  from: { path: pkg(name), pathNot: tested },
  to: { path: '^(packages|actions|bench|scripts|tests)/', pathNot: [pkg(name), ...allowed.map(pkg)] },
});

/** The folders of a package's src from the bottom up: each may import the ones before it. */
export const rooms = {
  pinning: [
    'target',
    'desired',
    'observed',
    'plan',
    'progress',
    'apply',
    'heal',
    'move',
    'rollout',
    'balance',
    'targets',
  ],
  'pinning/apply': ['step', 'wait'],
  testkit: ['processes', 'git', 'engines', 'faults', 'github', 'ipfs', 'actions', 'history', 'bundles'],
  repository: ['objects', 'git', 'github', 'snapshot'],
  watch: ['time', 'seen', 'history', 'ending', 'summary', 'metrics', 'alert', 'node'],
  site: ['model', 'html', 'draw', 'assets', 'forms', 'parts', 'catalogue', 'status'],
  cli: [
    'frame',
    'repository',
    'manifest',
    'keys',
    'pinning',
    'content',
    'exchange',
    'names',
    'rollout',
    'site',
    'doctor',
    'commands',
  ],
};

/** From a file to the last that it needs, itself included. */
export const mostLevels = 8;

/** Here a file that is imported for its types alone is not counted: what a plan is made of, and the ports of a command, are described in small files. */
export const typesUncounted = ['pinning', 'cli'];

/** `pinning/apply` is packages/pinning/src/apply. */
export const roomBase = (name) => name.replace(/^([^/]+)/, 'packages/$1/src');

const roomRules = Object.entries(rooms).flatMap(([name, folders]) =>
  folders.map((folder, floor) => ({
    name: `${name.replaceAll('/', '-')}-${folder}-imports`,
    severity: 'error',
    comment: `${roomBase(name)}/${folder} may import ${floor > 0 ? folders.slice(0, floor).join(', ') : 'no other folder of its package'}`,
    from: { path: `^${roomBase(name)}/${folder}/` },
    to: {
      path: `^${roomBase(name)}/`,
      pathNot: folders.slice(0, floor + 1).map((below) => `^${roomBase(name)}/${below}/`),
    },
  })),
);

export const forbidden = [
  ...roomRules,
  only('manifest', []),
  only('http', []),
  only('content', ['manifest']),
  only('pinning', ['manifest', 'http']),
  only('retrieval', ['manifest', 'http', 'content']),
  only('repository', ['manifest', 'content']),
  only('datasets', ['manifest', 'http', 'content', 'pinning', 'retrieval', 'repository']),
  only('action-kit', ['manifest', 'http', 'pinning', 'repository', 'content']),
  only('watch', ['manifest', 'http', 'pinning', 'retrieval']),
  only('site', ['manifest', 'watch']),
  only('cli', [
    'manifest',
    'http',
    'content',
    'pinning',
    'repository',
    'datasets',
    'retrieval',
    'watch',
    'site',
  ]),
  only('testkit', []),
  {
    name: 'pinning-targets-know-targets',
    severity: 'error',
    comment: 'a target knows pins and calls, never requests, plans or what runs them',
    from: { path: `${pkg('pinning')}src/targets/` },
    to: { path: `${pkg('pinning')}src/(desired|observed|plan|progress|apply|heal|move|rollout|balance)/` },
  },
  {
    name: 'actions-import-packages',
    severity: 'error',
    comment: 'an action imports packages, never the other action, the command line or the testkit',
    from: { path: `${actions}([^/]+)/`, pathNot: tested },
    to: { path: '^(packages/(cli|testkit)|actions/(?!$1/)[^/]+|bench|scripts|tests)/' },
  },
  {
    name: 'github-toolkit-in-action-kit',
    severity: 'error',
    comment: "only action-kit and each action's index.ts import @actions/*",
    from: {
      path: '^(packages|actions)/',
      pathNot: `${pkg('action-kit')}|^actions/[^/]+/src/index\\.ts$|${tested}`,
    },
    to: { path: '(^|node_modules/)@actions/' },
  },
  {
    name: 'manifest-is-pure',
    severity: 'error',
    comment: 'manifest runs in a browser: no Node built-ins but in its file shell, src/node',
    from: { path: pkg('manifest'), pathNot: `${tested}|^packages/manifest/(src/node|scripts)` },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'http-is-for-browsers',
    severity: 'error',
    comment: 'http runs in a browser: no Node built-ins but in its entry for Node, src/node',
    from: { path: pkg('http'), pathNot: `${tested}|^packages/http/src/node` },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'retrieval-is-for-browsers',
    severity: 'error',
    comment:
      'retrieval runs in a browser: no Node built-ins but in src/node, where its files and its peers are',
    from: { path: pkg('retrieval'), pathNot: `${tested}|^packages/retrieval/src/node` },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'site-is-for-browsers',
    severity: 'error',
    comment: 'site makes files of values and runs in a browser: whoever calls it writes them',
    from: { path: pkg('site'), pathNot: tested },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'content-has-no-network',
    severity: 'error',
    comment: 'content asks a BlockSource; only retrieval and http know servers',
    from: { path: pkg('content'), pathNot: tested },
    to: { path: '^(node:)?(http|https|net|tls|http2|dgram|dns)(/|$)' },
  },
  {
    name: 'processes-where-they-belong',
    severity: 'error',
    comment: 'only repository runs git; the other shells that start a program are named here',
    from: {
      path: '^(packages|actions)/',
      pathNot: `${pkg('repository')}|${pkg('testkit')}|^packages/manifest/src/node|^packages/http/src/node/auth-command|^packages/cli/src/|^actions/pin-on-merge/src/scan|${tested}`,
    },
    to: { path: '^(node:)?child_process$' },
  },
  {
    name: 'no-cycles',
    severity: 'error',
    comment: 'files do not import in circles',
    from: {},
    to: { circular: true },
  },
];

export const options = {
  doNotFollow: { path: 'node_modules' },
  exclude: { path: '(^|/)(dist|\\.turbo|\\.cache)/' },
  tsPreCompilationDeps: true,
  tsConfig: { fileName: 'tsconfig.base.json' },
  enhancedResolveOptions: {
    exportsFields: ['exports'],
    conditionNames: ['@holdfast/source', 'import', 'types', 'node', 'default'],
  },
};
