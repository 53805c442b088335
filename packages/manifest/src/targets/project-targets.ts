import type { Document, ReadManifestOptions } from '../json/read-document.ts';
import type { Problem } from '../problem/problem.ts';
import { problem } from '../problem/problem-draft.ts';
import { parseTargets } from './parse-targets.ts';
import type { TargetPlace, TargetsFile } from './targets-file.ts';

/**
 * The targets file of a repository. It says where a credential would go, and whoever may write it must not choose which: so it
 * names only variables that were made for Holdfast, since another one could hold any secret, and no default.
 */
export function parseProjectTargets(
  bytes: Uint8Array,
  options: ReadManifestOptions = {},
): Document<TargetsFile> {
  const read = parseTargets(bytes, options);
  if (!read.ok) return read;
  const problems = projectProblems(read.value, options.file, read.locate);
  return problems.length > 0 ? { ok: false, problems } : read;
}

function projectProblems(
  { targets, default: chosen }: TargetsFile,
  file: string | undefined,
  locate: (pointer: string) => { line: number; column: number },
): readonly Problem[] {
  const code = 'targets/not-for-a-project';
  const at = (path: string) => ({ ...(file !== undefined && { file }), path, ...locate(path) });
  const variables = targets.flatMap(({ auth }, index) => {
    if (auth === undefined || auth.env.startsWith('HOLDFAST_')) return [];
    const message = `the file of a repository may name variables that begin with HOLDFAST_, not ${auth.env}`;
    return [problem({ code, message }, at(`/targets/${index}/auth/env`))];
  });
  if (chosen === undefined) return variables;
  const message = 'the file of a repository has no default: name its targets with --target';
  return [...variables, problem({ code, message }, at('/default'))];
}

/** The places of a targets file, each with its region, whichever way the file says it. */
export function placesWithRegions({ targets, regions = {} }: TargetsFile): readonly TargetPlace[] {
  const regionOf = new Map(
    Object.entries(regions).flatMap(([region, { targets }]) =>
      targets.map((name) => [name, region] as const),
    ),
  );
  return targets.map((place) => {
    const region = place.region ?? regionOf.get(place.name);
    return region === undefined ? place : { ...place, region };
  });
}
