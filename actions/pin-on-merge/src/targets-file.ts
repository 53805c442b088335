// Apart from the rest of the bundle, and loaded where a run has a targets file: what reads it.
import {
  parseProjectTargets,
  placesWithRegions,
  type RolloutRules,
  type TargetPlace,
} from '@holdfast/manifest/internal';

/** The places of a targets file, or what is wrong with it, a line each. */
export type ReadTargets =
  | {
      readonly ok: true;
      readonly places: readonly TargetPlace[];
      readonly quorums: Readonly<Record<string, number>>;
      readonly rollout?: RolloutRules | undefined;
    }
  | { readonly ok: false; readonly faults: readonly string[] };

export function readTargets(bytes: Uint8Array, file: string): ReadTargets {
  const read = parseProjectTargets(bytes, { file });
  if (!read.ok) {
    const faults = read.problems.map(({ line, column, message, hint }) => {
      const at = [file, line, column].filter((part) => part !== undefined).join(':');
      return `${at} ${message}${hint === undefined ? '' : `; ${hint}`}`;
    });
    return { ok: false, faults };
  }
  const quorums = Object.entries(read.value.regions ?? {}).map(([name, { quorum = 1 }]) => [name, quorum]);
  return {
    ok: true,
    places: placesWithRegions(read.value),
    quorums: Object.fromEntries(quorums),
    rollout: read.value.rollout,
  };
}
