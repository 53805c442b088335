/**
 * What was so over time: one round of looking, lines of history, what they come to, incidents and metrics.
 *
 * @module
 */
export { type Alert, alertsBetween } from './alert/alert.ts';
export { type Webhook, type WebhookOptions, webhook, webhookHeaders } from './alert/webhook.ts';
export {
  type Ending,
  type EndingOptions,
  type EndingSigner,
  type EndingSources,
  endingsOf,
  nearness,
} from './ending/ending.ts';
export { compacted } from './history/compaction.ts';
export { applyLine, formatLine, type HistoryLine, lineOf, parseLine } from './history/history-line.ts';
export { type MetricsFormat, type MetricsOptions, metricsText } from './metrics/metrics-text.ts';
export type {
  DatasetHealth,
  Observation,
  SeenDataset,
  SeenPeer,
  SeenPlace,
  SeenProofs,
} from './seen/observation.ts';
export { type RoundOptions, watchRound } from './seen/round.ts';
export type { DaySummary, Shares } from './summary/days.ts';
export type { Incident } from './summary/incident.ts';
export type { DatasetChange } from './summary/ledger.ts';
export {
  type DatasetSummary,
  type PeerSummary,
  type PlaceSummary,
  type Summary,
  type SummaryOptions,
  summarize,
} from './summary/summary.ts';
