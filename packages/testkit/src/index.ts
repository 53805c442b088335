export {
  type ActionOptions,
  type ActionResult,
  type ActionWorld,
  runAction,
  runActionHere,
} from './actions/action-run.ts';
export {
  type ActionSetup,
  prepareAction,
  type SetupOptions,
  type StepResults,
} from './actions/action-setup.ts';
export type { NodeVersion } from './actions/node-version.ts';
export type { ActionEvent } from './actions/runner-environment.ts';
export type { Annotation, WorkflowCommand } from './actions/workflow-command.ts';
export type { WorkflowJob, WorkflowStep } from './actions/workflow-log.ts';
export { runWorkflow, type WorkflowOptions, type WorkflowResult } from './actions/workflow-run.ts';
export { type BrowserBundle, browserBundle } from './bundles/browser-bundle.ts';
export { type Engine, EngineMissing, type EngineName, engines, engineVersion } from './engines/engine.ts';
export type { BuildProgress } from './engines/engine-build.ts';
export { type FindOptions, findEngine } from './engines/engine-lookup.ts';
export { type BlockDamage, blockDamages, blockFile, blockFiles } from './faults/block-damage.ts';
export type { Fault } from './faults/fault.ts';
export { type FaultMatch, type FaultProxy, startFaultProxy } from './faults/fault-proxy.ts';
export { gatewayFaults } from './faults/gateway-faults.ts';
export type { GitEntry, GitFiles } from './git/git-files.ts';
export {
  type CloneOptions,
  gitRepository,
  type PullRequest,
  type TestRepository,
} from './git/git-repository.ts';
export type { RawEntry } from './git/git-tree.ts';
export type { CheckAnnotation, CheckRun } from './github/checks.ts';
export type { Comment } from './github/comments.ts';
export { type GitHubFault, type GitHubMatch, gitHubFaults } from './github/fault.ts';
export type { Pull } from './github/pulls.ts';
export type { Scope } from './github/route.ts';
export { type GitHubOptions, type GitHubRequest, type GitHubStandIn, startGitHub } from './github/server.ts';
export type { CommitStatus } from './github/statuses.ts';
export {
  type SampleLine,
  type SampleOptions,
  sampleHistory,
  type Watched,
} from './history/sample-history.ts';
export { type ClusterOptions, startCluster, type TestCluster } from './ipfs/cluster.ts';
export type { BasicAuth } from './ipfs/cluster-config.ts';
export type { TestPeer } from './ipfs/cluster-peer.ts';
export type { TestFiles } from './ipfs/content.ts';
export { type KuboOptions, startKubo, type TestKubo } from './ipfs/kubo.ts';
export type { KuboNode } from './ipfs/kubo-node.ts';
export { takePorts } from './processes/port.ts';
export { Run, type RunProcess } from './processes/run.ts';
export { removeFolder, temporaryFolder } from './processes/temporary-folder.ts';
