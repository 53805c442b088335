export {
  type ActionOptions,
  type ActionResult,
  type ActionWorld,
  runAction,
  runActionHere,
} from './action-run.ts';
export { type ActionSetup, prepareAction, type SetupOptions, type StepResults } from './action-setup.ts';
export { type ClusterOptions, startCluster, type TestCluster } from './cluster.ts';
export type { BasicAuth } from './cluster-config.ts';
export type { TestPeer } from './cluster-peer.ts';
export type { TestFiles } from './content.ts';
export { type Engine, EngineMissing, type EngineName, engines, engineVersion } from './engine.ts';
export type { BuildProgress } from './engine-build.ts';
export { type FindOptions, findEngine } from './engine-lookup.ts';
export type { Fault } from './fault.ts';
export { type FaultMatch, type FaultProxy, startFaultProxy } from './fault-proxy.ts';
export type { GitEntry, GitFiles } from './git-files.ts';
export { type CloneOptions, gitRepository, type PullRequest, type TestRepository } from './git-repository.ts';
export type { RawEntry } from './git-tree.ts';
export type { CheckAnnotation, CheckRun } from './github/checks.ts';
export type { Comment } from './github/comments.ts';
export { type GitHubFault, type GitHubMatch, gitHubFaults } from './github/fault.ts';
export type { Pull } from './github/pulls.ts';
export type { Scope } from './github/route.ts';
export { type GitHubOptions, type GitHubRequest, type GitHubStandIn, startGitHub } from './github/server.ts';
export type { CommitStatus } from './github/statuses.ts';
export { type KuboOptions, startKubo, type TestKubo } from './kubo.ts';
export type { KuboNode } from './kubo-node.ts';
export type { NodeVersion } from './node-version.ts';
export type { ActionEvent } from './runner-environment.ts';
export type { Annotation, WorkflowCommand } from './workflow-command.ts';
export type { WorkflowJob, WorkflowStep } from './workflow-log.ts';
export { runWorkflow, type WorkflowOptions, type WorkflowResult } from './workflow-run.ts';
