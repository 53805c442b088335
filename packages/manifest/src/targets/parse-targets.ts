import { quickCheck } from '../json/quick-check.ts';
import { type Document, type ReadManifestOptions, readDocument } from '../json/read-document.ts';
import type { PlacedDraft } from '../json/schema-drafts.ts';
import { expectBytes } from '../text/argument.ts';
import { show } from '../text/display.ts';
import { TargetsFile } from './targets-file.ts';

const kind = {
  area: 'targets',
  schema: TargetsFile,
  accepts: quickCheck(TargetsFile),
  rules: targetsRules,
} as const;

/** `targets.json` from its bytes, or all its problems. */
export function parseTargets(bytes: Uint8Array, options: ReadManifestOptions = {}): Document<TargetsFile> {
  expectBytes('parseTargets', bytes);
  return readDocument<TargetsFile>(bytes, kind, options);
}

/** The value may have any shape: the schema reports what is wrong with that. */
function targetsRules(value: unknown): readonly PlacedDraft[] {
  const { targets, default: chosen, regions, rollout } = (value ?? {}) as Record<string, unknown>;
  const places = (Array.isArray(targets) ? targets : []).map(
    (one): { name?: unknown; region?: unknown } => one ?? {},
  );
  const names = places.map(({ name }) => name);
  const twice = names.flatMap((name, index): PlacedDraft[] => {
    const first = names.indexOf(name);
    if (typeof name !== 'string' || first === index) return [];
    const message = `the name ${show(name)} is taken by entry ${first} already`;
    return [{ code: 'targets/duplicate-name', message, path: ['targets', index, 'name'] }];
  });
  const known = isObject(regions) ? regions : {};
  const drafts = [...twice, ...regionDrafts(known, places), ...phaseDrafts(rollout, known, places)];
  if (
    typeof chosen !== 'string' ||
    chosen === 'all' ||
    names.includes(chosen) ||
    Object.hasOwn(known, chosen)
  )
    return drafts;
  const message = `there is no target ${show(chosen)} in this file`;
  return [...drafts, { code: 'targets/unknown-default', message, path: ['default'] }];
}

function regionDrafts(
  regions: Readonly<Record<string, unknown>>,
  places: readonly { name?: unknown; region?: unknown }[],
): PlacedDraft[] {
  const taken = new Map<unknown, string>();
  return Object.entries(regions).flatMap(([region, value]): PlacedDraft[] => {
    const { targets, quorum } = isObject(value) ? value : {};
    const members = Array.isArray(targets) ? targets : [];
    const found = members.flatMap((name, index): PlacedDraft[] => {
      const path = ['regions', region, 'targets', index];
      const place = places.find((one) => one.name === name);
      if (place === undefined)
        return [
          { code: 'targets/unknown-target', message: `there is no target ${show(name)} in this file`, path },
        ];
      const other = taken.get(name) ?? (place.region === region ? undefined : place.region);
      taken.set(name, region);
      if (typeof other !== 'string') return [];
      const message = `the target ${show(name)} is in the region ${show(other)} already`;
      return [{ code: 'targets/two-regions', message, path }];
    });
    if (typeof quorum !== 'number' || quorum <= members.length) return found;
    const message = `a quorum of ${quorum} is more than the ${members.length} targets of the region`;
    return [...found, { code: 'targets/quorum-too-high', message, path: ['regions', region, 'quorum'] }];
  });
}

function phaseDrafts(
  rollout: unknown,
  regions: Readonly<Record<string, unknown>>,
  places: readonly { name?: unknown; region?: unknown }[],
): PlacedDraft[] {
  if (!isObject(rollout)) return [];
  const phases = (Array.isArray(rollout.phases) ? rollout.phases : []).map((one) =>
    isObject(one) ? one : {},
  );
  const names = phases.map(({ name }) => name);
  const known = new Set([...Object.keys(regions), ...places.flatMap(({ name, region }) => [name, region])]);
  const drafts = phases.flatMap(({ name, places: own }, index): PlacedDraft[] => {
    const path = ['rollout', 'phases', index];
    const first = names.indexOf(name);
    const twice =
      typeof name === 'string' && first !== index
        ? [
            {
              code: 'targets/duplicate-name',
              message: `the name ${show(name)} is taken by phase ${first} already`,
              path: [...path, 'name'],
            } as const,
          ]
        : [];
    const unknown = (Array.isArray(own) ? own : []).flatMap((place, at): PlacedDraft[] =>
      typeof place !== 'string' || known.has(place)
        ? []
        : [
            {
              code: 'targets/unknown-target',
              message: `there is no target and no region ${show(place)} in this file`,
              path: [...path, 'places', at],
            },
          ],
    );
    return [...twice, ...unknown];
  });
  const { until } = rollout;
  if (typeof until !== 'string' || phases.length === 0 || names.includes(until)) return drafts;
  const message = `there is no phase ${show(until)} in this file`;
  return [...drafts, { code: 'targets/unknown-phase', message, path: ['rollout', 'until'] }];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
