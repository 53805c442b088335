import type { Dataset, Trust } from '@holdfast/manifest';
import { commandPath } from '@holdfast/manifest/text';
import { dayMs } from '../time/day.ts';

/** Something that ends at a known time unless somebody does something. */
export interface Ending {
  readonly kind: 'dataset' | 'signer' | 'name';
  /** For example `tides@1.0.0`, `bob`. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly endsAt: number;
  /** What that means, in a sentence. */
  readonly what: string;
  /** The command that begins to keep it. */
  readonly todo: string;
  /** Who has to sign that, and how. */
  readonly signers: readonly EndingSigner[];
}

export interface EndingSigner {
  readonly name: string;
  /** For example `@alice`. */
  readonly github?: string | undefined;
  readonly command: string;
}

export interface EndingSources {
  readonly datasets: readonly { readonly id: string; readonly path: string; readonly dataset: Dataset }[];
  readonly trust: Trust;
  /** Folder of the keys and the policy, as it is typed. Default: `public-keys`. */
  readonly publicKeys?: string | undefined;
  /** Records of names, where somebody looked them up. */
  readonly names?: readonly { readonly dataset: string; readonly validUntil: number }[] | undefined;
}

export interface EndingOptions {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** How far to look ahead. Default: 30 days. */
  readonly withinMs?: number | undefined;
}

/** Names are renewed once a day: a record that ends sooner than that is one that nobody renews. */
const nameAheadMs = dayMs;

/** What ends soon or is over, the soonest first. */
export function endingsOf(
  sources: EndingSources,
  { at, withinMs = 30 * dayMs }: EndingOptions,
): readonly Ending[] {
  const until = at + withinMs;
  return [
    ...sources.datasets.flatMap((one) => datasetEnding(one, sources.trust)),
    ...[...sources.trust.signers.values()].flatMap((signer) =>
      signer.validUntil === undefined ? [] : [signerEnding(signer.name, signer.validUntil, sources)],
    ),
    ...(sources.names ?? []).filter(({ validUntil }) => validUntil <= at + nameAheadMs).map(nameEnding),
  ]
    .filter(({ endsAt }) => endsAt <= until)
    .sort((a, b) => a.endsAt - b.endsAt || (a.id < b.id ? -1 : 1));
}

function datasetEnding({ id, path, dataset }: EndingSources['datasets'][number], trust: Trust): Ending[] {
  if (dataset.expires === undefined || dataset.withdrawn !== undefined) return [];
  const endsAt = Date.parse(dataset.expires);
  const file = commandPath(path, 'FILE');
  const rule = trust.rules.find((one) => one.matches(path));
  return [
    {
      kind: 'dataset',
      id,
      endsAt,
      what: `${id}: its pins end, and nobody keeps it after that`,
      todo: `holdfast revise ${file} --expires ${yearAfter(endsAt)}`,
      signers: signersOf(rule?.signers ?? [...trust.signers.keys()], trust, `holdfast sign ${file}`),
    },
  ];
}

function signerEnding(
  name: string,
  validUntil: Date,
  { trust, publicKeys = 'public-keys' }: EndingSources,
): Ending {
  const endsAt = validUntil.getTime();
  const rules = trust.rules.filter(({ signers }) => signers.includes(name));
  const short = rules.filter((rule) => stillThere(rule.signers, trust, endsAt).length < rule.threshold);
  const patterns = [...new Set(rules.flatMap(({ patterns: all }) => all))];
  const root =
    trust.root !== undefined && stillThere(trust.root.signers, trust, endsAt).length < trust.root.threshold;
  const blocked = [...short.flatMap(({ patterns: all }) => all), ...(root ? ['the policy itself'] : [])];
  const policy = commandPath(`${publicKeys}/policy.json`, 'POLICY');
  return {
    kind: 'signer',
    id: name,
    endsAt,
    what: `${name}: signatures count until then${blocked.length === 0 ? '' : `; after that nobody can change ${blocked.join(', ')}`}`,
    todo: `holdfast signer add ${name} --until ${yearAfter(endsAt)}${patterns.map((pattern) => ` --rule ${commandPath(pattern, 'PATTERN')}`).join('')}`,
    signers: trust.root === undefined ? [] : signersOf(trust.root.signers, trust, `holdfast sign ${policy}`),
  };
}

/** Who of them has signatures that count after a time. */
function stillThere(names: readonly string[], trust: Trust, at: number): readonly string[] {
  return names.filter((name) => {
    const signer = trust.signers.get(name);
    return signer !== undefined && (signer.validUntil === undefined || signer.validUntil.getTime() > at);
  });
}

function nameEnding({ dataset, validUntil }: { dataset: string; validUntil: number }): Ending {
  return {
    kind: 'name',
    id: dataset,
    endsAt: validUntil,
    what: `the name of ${dataset}: its record ends, and readers of the name find nothing`,
    todo: `holdfast name publish ${dataset}`,
    signers: [],
  };
}

function signersOf(names: readonly string[], trust: Trust, command: string): readonly EndingSigner[] {
  return names.map((name) => ({ name, github: trust.signers.get(name)?.github, command }));
}

const yearAfter = (at: number): string => {
  const date = new Date(at);
  date.setUTCFullYear(date.getUTCFullYear() + 1);
  return date.toISOString().replace(/\.\d{3}Z$/, 'Z');
};

/** How near: at 30, 7 and 1 days people are told again. */
export function nearness({ endsAt }: Ending, at: number): 'over' | 'day' | 'week' | 'month' | 'later' {
  const days = (endsAt - at) / dayMs;
  if (days <= 0) return 'over';
  if (days <= 1) return 'day';
  if (days <= 7) return 'week';
  return days <= 30 ? 'month' : 'later';
}
