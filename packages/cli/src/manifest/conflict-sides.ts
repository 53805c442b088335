/** The sides of a text in conflict. */
export interface ConflictSides {
  readonly base?: string;
  readonly ours: string;
  readonly theirs: string;
}

type Side = 'ours' | 'base' | 'theirs';

const markers: readonly (readonly [RegExp, Side | 'both'])[] = [
  [/^<{7,}(?: .*)?$/, 'ours'],
  [/^\|{7,}(?: .*)?$/, 'base'],
  [/^={7,}$/, 'theirs'],
  [/^>{7,}(?: .*)?$/, 'both'],
];
const next: Readonly<Record<Side | 'both', readonly (Side | 'both')[]>> = {
  both: ['ours'],
  ours: ['base', 'theirs'],
  base: ['theirs'],
  theirs: ['both'],
};

/** The texts that git wrote one file from; `undefined` for a text without whole conflicts. No line of JSON looks like a marker. */
export function conflictSides(text: string): ConflictSides | undefined {
  const sides: Record<Side, string[]> = { ours: [], base: [], theirs: [] };
  let at: Side | 'both' = 'both';
  let found = false;
  let hasBase = true;
  for (const line of text.split(/(?<=\n)/)) {
    const marker = markers.find(([pattern]) => pattern.test(line.replace(/\r?\n$/, '')))?.[1];
    if (marker === undefined) {
      for (const side of at === 'both' ? (['ours', 'base', 'theirs'] as const) : [at]) sides[side].push(line);
      continue;
    }
    if (!next[at].includes(marker)) return undefined;
    if (at === 'ours' && marker === 'theirs') hasBase = false;
    found = true;
    at = marker;
  }
  if (!found || at !== 'both') return undefined;
  const whole = { ours: sides.ours.join(''), theirs: sides.theirs.join('') };
  return hasBase ? { base: sides.base.join(''), ...whole } : whole;
}
