import { copies, count, escapeText } from '@holdfast/manifest/text';
import { isChange, type Plan, type Step } from '@holdfast/pinning';
import { Misuse } from '../frame/misuse.ts';
import { readOperand } from '../frame/operand-file.ts';
import { parsedJson } from '../frame/parsed-json.ts';
import { pick } from '../frame/pick.ts';
import { writeWhole } from '../frame/whole-file.ts';

/** What of a step a person agreed to; sentences and counts of the moment are left out. */
type SavedChange = Pick<Step, 'kind' | 'cid' | 'ids' | 'name' | 'adds' | 'bytes'> & {
  readonly wanted: NonNullable<Step['wanted']> | null;
  readonly expires: string | null;
};

/** A plan that was looked at, to be run later. */
export interface SavedPlan {
  readonly plan: 1;
  readonly at: string;
  readonly target: string;
  readonly owner: string;
  /** The manifests that were named; none for all of the last commit. */
  readonly files: readonly string[];
  readonly onWithdraw: 'keep' | 'unpin';
  readonly changes: readonly SavedChange[];
}

export async function writePlan(
  place: string,
  plan: Plan,
  facts: Pick<SavedPlan, 'at' | 'target' | 'files' | 'onWithdraw'>,
): Promise<void> {
  const saved: SavedPlan = {
    plan: 1,
    ...pick(facts, ['at', 'target']),
    owner: plan.owner,
    ...pick(facts, ['files', 'onWithdraw']),
    changes: plan.steps.filter(isChange).map(savedChange),
  };
  await writeWhole(place, `${JSON.stringify(saved, null, 2)}\n`);
}

export async function readPlan(cwd: string, path: string): Promise<SavedPlan> {
  const text = new TextDecoder().decode(await readOperand(cwd, path));
  const saved = parsed(text);
  if (saved === undefined)
    throw new Misuse(
      `${escapeText(path)} is not a plan, expected what holdfast plan --out wrote`,
      `write it again: holdfast plan --out ${escapeText(path)}`,
    );
  return saved;
}

/** In what a plan of now goes beyond the saved one, or no longer does what it promised; none where they agree. */
export function movedSince(saved: SavedPlan, plan: Plan, target: string): readonly string[] {
  const moved = [
    ...(saved.target === target ? [] : [`it was made for ${saved.target}, and this is ${target}`]),
    ...(saved.owner === plan.owner ? [] : [`it was made for ${saved.owner}, and this is ${plan.owner}`]),
  ];
  if (moved.length > 0) return moved;
  const before = new Map(saved.changes.map((change) => [change.cid, change]));
  const now = new Map(plan.steps.map((step) => [step.cid, step]));
  for (const step of plan.steps.filter(isChange)) {
    const agreed = before.get(step.cid);
    if (agreed === undefined) moved.push(`${step.kind} ${step.name} is new: ${step.reason}`);
    else if (!isSame(agreed, savedChange(step)))
      moved.push(`${inWords(agreed)} is now ${inWords(savedChange(step))}`);
  }
  for (const { cid, kind, name, wanted } of saved.changes) {
    const step = now.get(cid);
    // What somebody did in the meantime is done: a pin that is kept as wanted, or one that is gone.
    if (step === undefined ? wanted !== null : step.kind === 'conflict' || step.kind === 'expired')
      moved.push(
        `${kind} ${name} ${step === undefined ? 'is not asked for any more' : `is now ${step.kind}`}`,
      );
  }
  return moved;
}

/** What a person reads where the world has moved. Nothing was changed. */
export function planMoved(path: string, { at }: SavedPlan, moved: readonly string[]): Misuse {
  const shown = moved.slice(0, most).map((line) => `\n  ${escapeText(line)}`);
  const rest = moved.length > most ? `\n  and ${count(moved.length - most, 'more difference')}` : '';
  return new Misuse(
    `the plan in ${escapeText(path)}, made at ${escapeText(at)}, is not what would be done now${shown.join('')}${rest}`,
    `nothing was changed; look at what would be: holdfast plan --out ${escapeText(path)}`,
  );
}

const most = 10;

function savedChange(step: Step): SavedChange {
  return {
    ...pick(step, ['kind', 'cid', 'ids', 'name', 'adds', 'bytes']),
    wanted: step.wanted ?? null,
    expires: step.expires ?? null,
  };
}

function inWords({ kind, ids, wanted, expires }: SavedChange): string {
  const number = wanted === null ? '' : `, ${copies(wanted)}`;
  return `${kind} ${ids.join(' and ')}${number}${expires === null ? '' : ` until ${expires}`}`;
}

/** The copies that a step adds may be fewer by now: somebody made some of them. More is another plan. */
function isSame(agreed: SavedChange, now: SavedChange): boolean {
  const key = ({ kind, ids, name, wanted, expires }: SavedChange) =>
    JSON.stringify([kind, ids, name, wanted?.min, wanted?.max, wanted?.regions, expires]);
  return key(agreed) === key(now) && now.adds <= agreed.adds;
}

function parsed(text: string): SavedPlan | undefined {
  const saved = Object(parsedJson(text)) as Partial<SavedPlan>;
  const isText = (value: unknown): value is string => typeof value === 'string';
  const { plan, at, target, owner, files, onWithdraw, changes } = saved;
  const isWhole =
    plan === 1 &&
    [at, target, owner].every(isText) &&
    Array.isArray(files) &&
    files.every(isText) &&
    (onWithdraw === 'keep' || onWithdraw === 'unpin') &&
    Array.isArray(changes) &&
    changes.every(isSavedChange);
  return isWhole ? (saved as SavedPlan) : undefined;
}

function isSavedChange(value: unknown): value is SavedChange {
  const { kind, cid, ids, name, adds, bytes, wanted } = Object(value) as Partial<SavedChange>;
  return (
    [kind, cid, name].every((each) => typeof each === 'string') &&
    Array.isArray(ids) &&
    [adds, bytes].every((each) => typeof each === 'number') &&
    typeof wanted === 'object'
  );
}
