export type { AvailabilityReport, CopyState, PlaceReport } from './availability/availability-report.ts';
export { createMonitor, type Monitor, type MonitorOptions } from './availability/monitor.ts';
export { type ServedRootsOptions, servedRoots } from './availability/served-roots.ts';
export type { SlaReport } from './availability/sla.ts';
export { type BlockCache, type CachedSource, cachedSource } from './cache/block-cache.ts';
export { type MemoryCacheOptions, memoryCache } from './cache/memory-cache.ts';
export { RetrievalError, type RetrievalErrorCode } from './error.ts';
export type { BlockEvent } from './gateways/block-event.ts';
export type { Source } from './gateways/gateway.ts';
export type { GatewayReport } from './gateways/gateway-report.ts';
export { createGateways, type GatewayOptions, type Gateways } from './gateways/gateways.ts';
export type { EntryState } from './gateways/pool-entry.ts';
export { type MetricsReport, type MetricTargets, RetrievalMetrics } from './metrics/retrieval-metrics.ts';
export type { NameStore, StoredRecord } from './names/name-store.ts';
export { createNames, type Names, type NamesOptions, type ResolvedName } from './names/names.ts';
export type { NameNode } from './names/nodes/name-node.ts';
export type { PublishFacts, PublishReport } from './names/publish-record.ts';
export { createRecord, type RecordFacts } from './names/record/create-record.ts';
export { type Name, nameOf, parseName } from './names/record/name.ts';
export type { NameRecord } from './names/record/record.ts';
export type { RecordFaultCode } from './names/record/record-fault.ts';
export { selectRecord } from './names/record/select-record.ts';
export { type RecordVerdict, type VerifyOptions, verifyRecord } from './names/record/verify-record.ts';
export {
  type FindProvidersOptions,
  type FoundProviders,
  findProviders,
} from './providers/find-providers.ts';
export type { Provider } from './providers/provider.ts';
