import { acceptManifests, type WantedName, wantedNames } from '@holdfast/datasets';
import { escapeText, nearest } from '@holdfast/manifest/text';
import type { Tools } from '../frame/command.ts';
import { Misuse } from '../frame/misuse.ts';
import { type JudgeOptions, judgeCommit } from '../pinning/judge-commit.ts';

/** The names that the policy of the last commit gives, and what they should point to. */
export async function committedNames(flags: JudgeOptions, tools: Tools): Promise<readonly WantedName[]> {
  const { report, trust } = await judgeCommit(flags, tools);
  return wantedNames(acceptManifests(report).accepted, trust.names);
}

/** The name of one dataset. */
export function nameOfDataset(names: readonly WantedName[], dataset: string): WantedName {
  const found = names.find((name) => name.dataset === dataset);
  if (found !== undefined) return found;
  const known = names.map((name) => name.dataset);
  const near = nearest(dataset, known);
  throw new Misuse(
    `the policy of the last commit gives ${escapeText(dataset)} no name${near ? `; did you mean ${near}?` : ''}`,
    known.length > 0
      ? `it has names for ${known.map(escapeText).join(', ')}`
      : `holdfast name key ${escapeText(dataset)} creates one and says what to add to public-keys/policy.json`,
  );
}
