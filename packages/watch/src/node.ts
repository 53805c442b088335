/**
 * History on a disk.
 *
 * @module
 */
export { type History, type HistoryFault, openHistory } from './node/history-folder.ts';
export { type MetricsServer, serveMetrics } from './node/metrics-server.ts';
