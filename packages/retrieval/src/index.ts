export { RetrievalError, type RetrievalErrorCode } from './error.ts';
export type { Source } from './gateways/gateway.ts';
export { createGateways, type GatewayOptions } from './gateways/gateways.ts';
