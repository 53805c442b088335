import type { CataloguedDataset } from '../model/catalogue.ts';
import { isoTime } from '../model/quantity.ts';
import type { SiteValues } from '../model/site-values.ts';
import { verdictOf } from './verdict.ts';

/** The same for programs. */
export function statusJson(values: SiteValues, catalogue: readonly CataloguedDataset[]): string {
  const { summary, at } = values;
  const { health, headline, details } = verdictOf(catalogue, summary, at);
  return `${JSON.stringify({
    health,
    headline,
    details,
    lastLook: summary?.lastAt === undefined ? null : isoTime(summary.lastAt),
    copies: summary?.copies ?? null,
    datasets: catalogue.flatMap(({ versions }) =>
      versions.map(({ id, dataset, watched }) => ({
        id,
        cid: dataset.cid,
        health: watched?.now?.health ?? 'unknown',
        copies: watched?.now?.copies ?? null,
        wanted: watched?.now?.min ?? null,
        available: watched?.available ?? null,
        healthy: watched?.healthy ?? null,
        withdrawn: dataset.withdrawn !== undefined,
      })),
    ),
    peers:
      summary?.peers.map(({ id, name, now, up }) => ({
        id,
        name,
        region: now?.region ?? null,
        up: now?.up === true,
        share: up ?? null,
      })) ?? [],
    gateways:
      summary?.places.map(({ id, region, looks, ok, p50Ms, p95Ms, p99Ms, fault }) => ({
        id,
        region: region ?? null,
        looks,
        ok,
        p50Ms: p50Ms ?? null,
        p95Ms: p95Ms ?? null,
        p99Ms: p99Ms ?? null,
        fault: fault ?? null,
      })) ?? [],
    incidents:
      summary?.incidents.map(({ openedAt, closedAt, ...rest }) => ({
        ...rest,
        openedAt: isoTime(openedAt),
        closedAt: closedAt === undefined ? null : isoTime(closedAt),
      })) ?? [],
    endings: values.endings?.map(({ endsAt, ...rest }) => ({ ...rest, endsAt: isoTime(endsAt) })) ?? [],
  })}\n`;
}
