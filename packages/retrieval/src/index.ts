export { type BlockCache, type CachedSource, cachedSource } from './cache/block-cache.ts';
export { type MemoryCacheOptions, memoryCache } from './cache/memory-cache.ts';
export { RetrievalError, type RetrievalErrorCode } from './error.ts';
export type { BlockEvent } from './gateways/block-event.ts';
export type { Source } from './gateways/gateway.ts';
export type { GatewayReport } from './gateways/gateway-report.ts';
export { createGateways, type GatewayOptions, type Gateways } from './gateways/gateways.ts';
export type { EntryState } from './gateways/pool-entry.ts';
