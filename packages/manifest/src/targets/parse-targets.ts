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
  const { targets, default: chosen } = (value ?? {}) as { targets?: unknown; default?: unknown };
  const names = (Array.isArray(targets) ? targets : []).map(
    (one) => (one as { name?: unknown } | null)?.name,
  );
  const twice = names.flatMap((name, index): PlacedDraft[] => {
    const first = names.indexOf(name);
    if (typeof name !== 'string' || first === index) return [];
    const message = `the name ${show(name)} is taken by entry ${first} already`;
    return [{ code: 'targets/duplicate-name', message, path: ['targets', index, 'name'] }];
  });
  if (typeof chosen !== 'string' || names.includes(chosen)) return twice;
  const message = `there is no target ${show(chosen)} in this file`;
  return [...twice, { code: 'targets/unknown-default', message, path: ['default'] }];
}
