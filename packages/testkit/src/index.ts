export { type ClusterOptions, startCluster, type TestCluster } from './cluster.ts';
export type { BasicAuth } from './cluster-config.ts';
export type { TestPeer } from './cluster-peer.ts';
export type { TestFiles } from './content.ts';
export { type Engine, EngineMissing, type EngineName, engines, engineVersion } from './engine.ts';
export type { BuildProgress } from './engine-build.ts';
export { type FindOptions, findEngine } from './engine-lookup.ts';
export { type KuboOptions, startKubo, type TestKubo } from './kubo.ts';
export type { KuboNode } from './kubo-node.ts';
