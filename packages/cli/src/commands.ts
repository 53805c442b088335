import type { Verb } from './verb.ts';

export interface VerbEntry {
  readonly group: 'describe' | 'check' | 'keep' | 'set up';
  readonly summary: string;
  load(): Promise<Verb>;
}

/** Every verb; help needs only this table, so a verb's code is loaded when the verb is called. */
export const verbs: Readonly<Record<string, VerbEntry>> = {
  init: {
    group: 'set up',
    summary: 'set up a repository of manifests',
    load: async () => (await import('./verbs/init.ts')).init,
  },
  keygen: {
    group: 'set up',
    summary: 'make a key to sign with',
    load: async () => (await import('./verbs/keygen.ts')).keygen,
  },
  completion: {
    group: 'set up',
    summary: 'print the completion script of your shell',
    load: async () => (await import('./verbs/completion.ts')).completion,
  },
  create: {
    group: 'describe',
    summary: 'write the manifest of a folder',
    load: async () => (await import('./verbs/create.ts')).create,
  },
  sign: {
    group: 'describe',
    summary: 'sign manifests, or the policy',
    load: async () => (await import('./verbs/sign.ts')).sign,
  },
  revise: {
    group: 'describe',
    summary: 'change what a merged manifest says, or withdraw it',
    load: async () => (await import('./verbs/revise.ts')).revise,
  },
  cid: {
    group: 'describe',
    summary: 'print the CID of a folder or file',
    load: async () => (await import('./verbs/cid.ts')).cid,
  },
  verify: {
    group: 'check',
    summary: 'say whether manifests are sound, signed and trusted',
    load: async () => (await import('./verbs/verify.ts')).verify,
  },
  check: {
    group: 'check',
    summary: 'say what the pull-request check will say, before you push',
    load: async () => (await import('./verbs/check.ts')).check,
  },
  inspect: {
    group: 'check',
    summary: 'show a manifest to a person, and what is new in it',
    load: async () => (await import('./verbs/inspect.ts')).inspect,
  },
  audit: {
    group: 'check',
    summary: 'list merged manifests that no longer have the signatures they need',
    load: async () => (await import('./verbs/audit.ts')).audit,
  },
  publish: {
    group: 'keep',
    summary: 'send the content of a folder to a node or a cluster',
    load: async () => (await import('./verbs/publish.ts')).publish,
  },
  plan: {
    group: 'keep',
    summary: 'show what pin would do, and change nothing',
    load: async () => (await import('./verbs/plan.ts')).plan,
  },
  pin: {
    group: 'keep',
    summary: 'pin datasets with the copies of their tier, and wait for them',
    load: async () => (await import('./verbs/pin.ts')).pin,
  },
  status: {
    group: 'keep',
    summary: 'show which copies exist, and where',
    load: async () => (await import('./verbs/status.ts')).status,
  },
  heal: {
    group: 'keep',
    summary: 'bring lost copies back',
    load: async () => (await import('./verbs/heal.ts')).heal,
  },
  fetch: {
    group: 'keep',
    summary: 'get verified content',
    load: async () => (await import('./verbs/fetch.ts')).fetch,
  },
};
