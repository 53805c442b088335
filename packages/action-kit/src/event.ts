import { isObjectId, isZeroId } from '@holdfast/repository';
import { Misuse } from './failure.ts';
import { apiAddress } from './github.ts';
import type { Runner } from './runner.ts';

/** Where the base of a comparison is. It is found by `resolveRange`, which can read commits. */
export type BaseHint =
  /** This commit. */
  | { readonly kind: 'commit'; readonly id: string }
  /** The first parent of the head, where the head is GitHub's own merge of the pull request; else the commit. */
  | { readonly kind: 'merged-into'; readonly pullRequestHead: string; readonly id: string }
  /** Where the head left this branch. */
  | { readonly kind: 'branch'; readonly name: string }
  /** Nothing is proposed: everything at the head is checked. */
  | { readonly kind: 'head' }
  /** There was nothing before. */
  | { readonly kind: 'nothing' };

export interface PullRequestFacts {
  readonly number: number;
  readonly head: string;
  /** Its token can only read. */
  readonly fork: boolean;
}

export interface WorkflowEvent {
  readonly name: string;
  /** `owner/name` */
  readonly repository: string;
  readonly defaultBranch: string;
  readonly ref: string;
  /** Absent when a branch was deleted: there is nothing to check. */
  readonly head?: string;
  readonly base: BaseHint;
  readonly pullRequest?: PullRequestFacts;
}

export const supportedEvents = [
  'pull_request',
  'merge_group',
  'push',
  'workflow_dispatch',
  'schedule',
] as const;
export type SupportedEvent = (typeof supportedEvents)[number];

const targetReason =
  'event "pull_request_target" is refused: it gives secrets and a token that can write to code of whoever opened the ' +
  'pull request. Checking manifests needs neither. Use "on: pull_request", which works for forks too';

/** What happened, as the runner reports it. Whoever opened the pull request wrote none of it. */
export function readEvent(
  runner: Runner,
  allowed: readonly SupportedEvent[] = supportedEvents,
): WorkflowEvent {
  const { environment } = runner;
  const name = environment.GITHUB_EVENT_NAME ?? '';
  if (name === 'pull_request_target') throw new Misuse([targetReason]);
  if (!allowed.some((known) => known === name)) {
    throw new Misuse([
      `event expected ${allowed.join(', ')}, got ${JSON.stringify(name)}; change "on:" in the workflow`,
    ]);
  }
  const payload = runner.payload();
  serverAddress(environment);
  // Before any work: once it is done, the outputs and the page have to be written.
  apiAddress(environment.GITHUB_API_URL);
  const repository = environment.GITHUB_REPOSITORY ?? '';
  if (!/^[\w.-]{1,100}\/[\w.-]{1,100}$/.test(repository)) {
    throw new Misuse([`GITHUB_REPOSITORY expected owner/name, got ${JSON.stringify(repository)}`]);
  }
  const defaultBranch = string(payload, 'repository', 'default_branch') ?? 'main';
  const ref = environment.GITHUB_REF ?? '';
  const common = { name, repository, defaultBranch, ref };
  switch (name as SupportedEvent) {
    case 'pull_request': {
      const head = commitId(payload, 'pull_request', 'head', 'sha');
      const base: BaseHint = {
        kind: 'merged-into',
        pullRequestHead: head,
        id: commitId(payload, 'pull_request', 'base', 'sha'),
      };
      const fork =
        string(payload, 'pull_request', 'head', 'repo', 'full_name') !==
        string(payload, 'pull_request', 'base', 'repo', 'full_name');
      return {
        ...common,
        head: currentCommit(runner),
        base,
        pullRequest: { number: number(payload), head, fork },
      };
    }
    case 'merge_group': {
      const base: BaseHint = { kind: 'commit', id: commitId(payload, 'merge_group', 'base_sha') };
      return { ...common, head: commitId(payload, 'merge_group', 'head_sha'), base };
    }
    case 'push':
      return pushed(common, payload);
    default: {
      const base: BaseHint = onDefaultBranch(common)
        ? { kind: 'head' }
        : { kind: 'branch', name: defaultBranch };
      return { ...common, head: currentCommit(runner), base };
    }
  }
}

/** GitHub's own address: where links lead, and whose host owns the pins. */
export function serverAddress({ GITHUB_SERVER_URL }: Runner['environment']): URL {
  const text = GITHUB_SERVER_URL || 'https://github.com';
  const address = URL.canParse(text) ? new URL(text) : undefined;
  if (address?.protocol === 'https:' || address?.protocol === 'http:') return address;
  throw new Misuse([
    `GITHUB_SERVER_URL expected an address such as https://github.com, got ${JSON.stringify(text)}`,
  ]);
}

function pushed(common: Omit<WorkflowEvent, 'base' | 'head'>, payload: unknown): WorkflowEvent {
  const [before, after] = [commitId(payload, 'before'), commitId(payload, 'after')];
  if (isZeroId(after)) return { ...common, base: { kind: 'nothing' } };
  if (!isZeroId(before)) return { ...common, head: after, base: { kind: 'commit', id: before } };
  const first = onDefaultBranch(common);
  return {
    ...common,
    head: after,
    base: first ? { kind: 'nothing' } : { kind: 'branch', name: common.defaultBranch },
  };
}

function onDefaultBranch({
  ref,
  defaultBranch,
}: {
  readonly ref: string;
  readonly defaultBranch: string;
}): boolean {
  return ref === `refs/heads/${defaultBranch}`;
}

function currentCommit({ environment }: Runner): string {
  const id = environment.GITHUB_SHA ?? '';
  if (!isObjectId(id)) throw new Misuse([`GITHUB_SHA expected a commit, got ${JSON.stringify(id)}`]);
  return id;
}

function commitId(payload: unknown, ...path: readonly string[]): string {
  const id = string(payload, ...path) ?? '';
  if (!isObjectId(id))
    throw new Misuse([`the event's ${path.join('.')} expected a commit, got ${JSON.stringify(id)}`]);
  return id;
}

function number(payload: unknown): number {
  const value = at(payload, ['pull_request', 'number']);
  if (!Number.isSafeInteger(value)) throw new Misuse(['the event expected pull_request.number, got none']);
  return value as number;
}

function string(payload: unknown, ...path: readonly string[]): string | undefined {
  const value = at(payload, path);
  return typeof value === 'string' ? value : undefined;
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[key] : undefined,
    value,
  );
}
