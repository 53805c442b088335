import type { CommandTable } from './frame/command.ts';
import { runProgram } from './frame/dispatch.ts';
import type { ExitCode } from './frame/exit-code.ts';
import type { Ports } from './frame/ports.ts';
import { version } from './version.ts';

/** Runs `holdfast`: a command line and the world in, an exit code out. */
export function dispatch(argv: readonly string[], ports: Ports): Promise<ExitCode> {
  return runProgram({ commands, version }, argv, ports);
}

/** Every command. Help needs only this table; a command's code is loaded when it runs. */
export const commands: CommandTable = {
  init: {
    group: 'set up',
    summary: 'set up a repository of manifests',
    load: async () => (await import('./commands/init.ts')).init,
  },
  keygen: {
    group: 'set up',
    summary: 'create a signing key',
    load: async () => (await import('./commands/keygen.ts')).keygen,
  },
  signer: {
    group: 'set up',
    summary: 'show and change who may sign',
    load: async () => (await import('./commands/signer.ts')).signer,
  },
  login: {
    group: 'set up',
    summary: 'keep the credential of a target',
    load: async () => (await import('./commands/login.ts')).login,
  },
  logout: {
    group: 'set up',
    summary: 'remove the credential of a target',
    load: async () => (await import('./commands/logout.ts')).logout,
  },
  doctor: {
    group: 'set up',
    summary: 'find what is wrong, and how to fix it',
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
  completion: {
    group: 'set up',
    summary: 'print the completion script for your shell',
    load: async () => (await import('./commands/completion.ts')).completion,
  },
  create: {
    group: 'describe',
    summary: 'write the manifest of a folder',
    load: async () => (await import('./commands/create.ts')).create,
  },
  sign: {
    group: 'describe',
    summary: 'sign manifests or the policy',
    load: async () => (await import('./commands/sign.ts')).sign,
  },
  merge: {
    group: 'describe',
    summary: 'unite the signatures of two branches',
    load: async () => (await import('./commands/merge.ts')).merge,
  },
  revise: {
    group: 'describe',
    summary: 'describe a merged dataset anew, or withdraw it',
    load: async () => (await import('./commands/revise.ts')).revise,
  },
  cid: {
    group: 'describe',
    summary: 'print the CID of a folder or file',
    load: async () => (await import('./commands/cid.ts')).cid,
  },
  verify: {
    group: 'check',
    summary: 'check that manifests are valid, signed and trusted',
    load: async () => (await import('./commands/verify.ts')).verify,
  },
  check: {
    group: 'check',
    summary: 'preview the pull request check before you push',
    load: async () => (await import('./commands/check.ts')).check,
  },
  list: {
    group: 'check',
    summary: 'list the datasets of this repository',
    load: async () => (await import('./commands/list.ts')).list,
  },
  diff: {
    group: 'check',
    summary: 'show which data two versions of a dataset differ in',
    load: async () => (await import('./commands/diff.ts')).diff,
  },
  inspect: {
    group: 'check',
    summary: 'show a manifest, and what changed since the last version',
    load: async () => (await import('./commands/inspect.ts')).inspect,
  },
  audit: {
    group: 'check',
    summary: 'list merged manifests that lack signatures by now',
    load: async () => (await import('./commands/audit.ts')).audit,
  },
  export: {
    group: 'describe',
    summary: 'write the list of files in a form that other tools read',
    load: async () => (await import('./commands/export.ts')).exportCommand,
  },
  import: {
    group: 'describe',
    summary: 'write a manifest from the list of another tool',
    load: async () => (await import('./commands/import.ts')).importCommand,
  },
  publish: {
    group: 'keep',
    summary: 'send the content of a folder to a node or a cluster',
    load: async () => (await import('./commands/publish.ts')).publish,
  },
  plan: {
    group: 'keep',
    summary: 'show what pin would do',
    load: async () => (await import('./commands/plan.ts')).plan,
  },
  pin: {
    group: 'keep',
    summary: 'pin datasets to the copies of their tier, and wait',
    load: async () => (await import('./commands/pin.ts')).pin,
  },
  status: {
    group: 'keep',
    summary: 'show which copies exist, and where',
    load: async () => (await import('./commands/status.ts')).status,
  },
  distribution: {
    group: 'keep',
    summary: 'show which peer and region keeps how much',
    load: async () => (await import('./commands/distribution.ts')).distribution,
  },
  balance: {
    group: 'keep',
    summary: 'move copies from full peers to empty ones',
    load: async () => (await import('./commands/balance.ts')).balance,
  },
  move: {
    group: 'keep',
    summary: 'move copies from one target to another',
    load: async () => (await import('./commands/move.ts')).move,
  },
  rollout: {
    group: 'keep',
    summary: 'take new versions out in phases, each looked at first',
    load: async () => (await import('./commands/rollout.ts')).rollout,
  },
  heal: {
    group: 'keep',
    summary: 'replace lost copies',
    load: async () => (await import('./commands/heal.ts')).heal,
  },
  prove: {
    group: 'keep',
    summary: 'ask each peer to show the copy that it says it has',
    load: async () => (await import('./commands/prove.ts')).prove,
  },
  fetch: {
    group: 'keep',
    summary: 'download content and verify it',
    load: async () => (await import('./commands/fetch.ts')).fetch,
  },
  name: {
    group: 'keep',
    summary: 'give a dataset an address that follows its latest version',
    load: async () => (await import('./commands/name.ts')).name,
  },
  watch: {
    group: 'keep',
    summary: 'keep a history of copies, peers and gateways; alerts',
    load: async () => (await import('./commands/watch.ts')).watch,
  },
  site: {
    group: 'keep',
    summary: 'make a status page and a catalogue',
    load: async () => (await import('./commands/site.ts')).site,
  },
  expiring: {
    group: 'keep',
    summary: 'show what ends soon, and what keeps it',
    load: async () => (await import('./commands/expiring.ts')).expiring,
  },
  'verify-replication': {
    group: 'keep',
    summary: 'hold what is pinned against what readers can find',
    load: async () => (await import('./commands/verify-replication.ts')).verifyReplication,
  },
  availability: {
    group: 'keep',
    summary: 'look whether gateways serve a dataset, and how fast',
    load: async () => (await import('./commands/availability.ts')).availability,
  },
};
