/**
 * What an IPFS Cluster tells beyond pins: the types of the other methods of `ClusterTarget`.
 *
 * @module
 */
export type { AddCarOptions, AddedCar, CarSource } from './targets/cluster/car-upload.ts';
export type { ClusterAlert, ClusterMetric, ClusterPeer, HealthGraph } from './targets/cluster/client.ts';
export { ClusterTarget, type ClusterTargetOptions } from './targets/cluster/cluster-target.ts';
export type { ClusterPinOptions } from './targets/cluster/pin-query.ts';
