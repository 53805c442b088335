import { count, unmatchedPatterns } from '@holdfast/action-kit';
import {
  acceptManifests,
  appliedResults,
  type DatasetResult,
  type Desired,
  desiredPins,
  failedResults,
  type JudgedManifests,
  newPins,
  type PlannedDatasets,
  planDatasets,
  planEmptyTarget,
  plannedResults,
  withoutSteps,
} from '@holdfast/datasets';
import type { Trust } from '@holdfast/manifest';
import {
  type ApplyReport,
  applyPlan,
  lookAgain,
  PinningError,
  type PinTarget,
  type Plan,
} from '@holdfast/pinning';
import { followDatasetNames } from './dataset-names.ts';
import { findDatasets } from './findable.ts';
import { planLines } from './log.ts';
import type { Ports } from './ports.ts';
import { Progress } from './progress.ts';
import type { RunProofs } from './proofs.ts';
import type { Report, RunFailure } from './report.ts';
import { checkRetrieval } from './retrieval-check.ts';
import { type RolledOut, rolledResults, rollOutDatasets, rolloutPhases } from './rollout.ts';
import { failureOf } from './run-failure.ts';
import { scanNewPins } from './scan-gate.ts';
import { watchedTarget } from './watched-target.ts';

export interface RunOptions {
  readonly repository: string;
  /** Whose pins these are, for example `github.com/owner/repo`. */
  readonly owner: string;
  readonly event: string;
  /** Where manifests were looked for. */
  readonly manifests: readonly string[];
  readonly mode: 'changed' | 'all';
  readonly dryRun: boolean;
  readonly onWithdraw: 'keep' | 'unpin';
  readonly wait: 'min' | 'max' | 'none';
  readonly timeoutMs: number;
  readonly concurrency: number;
  readonly verifyRetrieval: 'sample' | 'all' | 'off';
  readonly prove: 'off' | 'auto' | 'require';
  readonly proveBlocks: number;
  readonly proveBytes: number;
  readonly notes: readonly string[];
}

/** Desired at the commit minus observed is the plan, which is then applied. Throws only what a later run would not fix by itself. */
export async function run(options: RunOptions, ports: Ports): Promise<Report> {
  return new PinningRun(options, ports).report();
}

class PinningRun {
  readonly #options: RunOptions;
  readonly #ports: Ports;
  readonly #signal: AbortSignal;
  readonly #deadline: AbortSignal;
  readonly #began: number;
  /** The commit of the run. */
  #head = '';
  #proofs: RunProofs | undefined;
  /** Targets of a group that were passed over. */
  #lost: readonly string[] = [];

  constructor(options: RunOptions, ports: Ports) {
    this.#options = options;
    this.#ports = ports;
    this.#began = ports.clock.now();
    this.#deadline = AbortSignal.timeout(options.timeoutMs);
    this.#signal = AbortSignal.any([ports.signal, this.#deadline]);
  }

  async report(): Promise<Report> {
    const { repository, event, mode, dryRun, owner, notes, manifests } = this.#options;
    const { clock, log } = this.#ports;
    const checked = await this.#ports.repository.judge(this.#signal);
    this.#head = checked.head;
    const judged = acceptManifests(checked);
    const desired = desiredPins(judged.accepted, owner);
    const sound = count(judged.accepted.length, 'valid dataset');
    const news = mode === 'all' ? '' : `; ${judged.changed.size} changed by this push`;
    log(`Commit ${checked.head.slice(0, 10)}: ${sound}${news}, ${judged.refused.length} refused`);
    const unmatched = unmatchedPatterns(checked, manifests);
    for (const note of unmatched) log(`note: ${note}`);
    const outcome = await this.#act(desired, judged);
    const version = checked.trust.policy?.version;
    const found = await this.#find(outcome.results);
    const followed = await this.#follow(judged, checked.trust, outcome.results);
    return {
      repository,
      event,
      mode,
      dryRun,
      commit: checked.head,
      ...(checked.base !== undefined && { base: checked.base }),
      ...(version !== undefined && { policyVersion: version }),
      ...outcome,
      ...(found !== undefined && { found }),
      ...(followed !== undefined && { names: followed.names }),
      results: [...judged.refused, ...(mode === 'all' ? judged.lapsed : []), ...outcome.results],
      problems: mode === 'all' ? [...judged.problems, ...judged.lapsedProblems] : judged.problems,
      notes: [
        ...notes,
        ...unmatched,
        ...lapsedNote(judged, mode),
        ...(outcome.notes ?? []),
        ...(followed?.notes ?? []),
        ...this.#lost,
        ...this.#endNote(),
      ],
      startedAt: new Date(this.#began).toISOString(),
      finishedAt: new Date(clock.now()).toISOString(),
    };
  }

  async #find(results: readonly DatasetResult[]) {
    const { routers = [], log } = this.#ports;
    if (routers.length === 0 || this.#options.dryRun) return undefined;
    const found = await findDatasets(results, routers, this.#signal);
    for (const { id, text } of found) log(`${id}: ${text}`);
    return found;
  }

  async #follow(judged: JudgedManifests, trust: Trust, results: readonly DatasetResult[]) {
    const { names, clock } = this.#ports;
    if (names === undefined) return undefined;
    const { mode, dryRun } = this.#options;
    const scope = { mode, dryRun, now: () => clock.now(), signal: this.#signal };
    return followDatasetNames(judged, trust, results, names, scope);
  }

  #endNote(): string[] {
    if (this.#ports.signal.aborted) return ['the run was cancelled; the next one continues where it stopped'];
    return this.#deadline.aborted ? ['`timeout` was reached'] : [];
  }

  async #act(desired: Desired, judged: JudgedManifests): Promise<Outcome> {
    const { target, clock } = this.#ports;
    const { mode, dryRun } = this.#options;
    if (desired.byId.size === 0) return { results: [] };
    if (target === undefined) {
      const plan = planEmptyTarget(desired, { at: new Date(clock.now()), ...scopeOf(mode, judged) });
      return {
        plan,
        results: plannedResults(plan, desired),
        notes: ['no target was given: the plan is for an empty target'],
      };
    }
    try {
      if (dryRun) return await this.#dry(await this.#plan(desired, judged, target), desired, target);
      return await this.#pin(desired, judged, target);
    } catch (error) {
      if (!(error instanceof PinningError) && !this.#signal.aborted) throw error;
      const failure = failureOf(error, target.label, this.#deadline.aborted);
      const ids = mode === 'all' ? desired.byId.keys() : judged.changed;
      return { failure, results: failedResults(ids, desired, failure) };
    }
  }

  /** A copy that its peer cannot show is no copy: neither one that was there, nor one that this run made. */
  async #pin(desired: Desired, judged: JudgedManifests, target: PinTarget): Promise<Outcome> {
    const { mode, prove } = this.#options;
    try {
      if (mode === 'all' && prove !== 'off')
        await (await this.#proofsOf(target)).look(desired.requests.map(({ cid }) => cid));
      const seen = this.#proofs?.target ?? target;
      const planned = await this.#plan(desired, judged, seen);
      const outcome = await this.#apply(planned, desired, seen, judged.changed);
      return { ...outcome, proofs: this.#proofs?.found() };
    } finally {
      await this.#proofs?.close();
    }
  }

  /** Opened on first use: what a push asks for is pinned before anything else is loaded. */
  async #proofsOf(target: PinTarget): Promise<RunProofs> {
    const { clock, log } = this.#ports;
    const { openProofs } = await import('./proof.ts');
    const run = { commit: this.#head, at: clock.now(), signal: this.#signal, log };
    this.#proofs ??= openProofs(target, this.#options, run);
    return this.#proofs;
  }

  async #plan(desired: Desired, judged: JudgedManifests, target: PinTarget): Promise<PlannedDatasets> {
    const { mode, onWithdraw } = this.#options;
    const { clock, log } = this.#ports;
    const planned = await planDatasets(desired, target, {
      at: new Date(clock.now()),
      onWithdraw,
      signal: this.#signal,
      ...scopeOf(mode, judged),
    });
    const { label, peersUp, peers, regions } = targetSummary(planned, target);
    log(
      `Target: ${label}; ${peersUp} of ${peers} peers up${regions.length > 0 ? ` in ${regions.join(', ')}` : ''}`,
    );
    this.#lost = lostTargets(planned.info);
    for (const line of [...this.#lost, ...planLines(planned.plan)]) log(line);
    return planned;
  }

  async #dry(planned: PlannedDatasets, desired: Desired, target: PinTarget): Promise<Outcome> {
    const { rollout } = this.#ports;
    const { owner } = this.#options;
    return {
      ...(rollout && { rollout: await rolloutPhases(target, rollout, { owner, signal: this.#signal }) }),
      plan: planned.plan,
      target: targetSummary(planned, target),
      results: plannedResults(planned.plan, desired),
    };
  }

  async #apply(
    planned: PlannedDatasets,
    desired: Desired,
    target: PinTarget,
    changed: ReadonlySet<string>,
  ): Promise<Outcome> {
    const { concurrency, wait, timeoutMs, verifyRetrieval, prove } = this.#options;
    const { clock, random, log, scan, retrieval, signal } = this.#ports;
    const blocked =
      scan === undefined
        ? []
        : await scanNewPins(newPins(planned), desired, { ...scan, log, signal: this.#signal }).finally(() =>
            scan.scanner.close?.(),
          );
    const allowed = withoutSteps(planned.plan, new Set(blocked.flatMap(({ cid }) => cid ?? [])));
    const progress = new Progress(
      clock,
      new Map(allowed.steps.map(({ cid, ids }) => [cid, ids.join(', ')])),
      log,
    );
    const rolled = await this.#rollOut(allowed, desired, target, progress);
    const plan = rolled?.rest ?? allowed;
    const left = this.#left();
    // Fewer copies now are better than none: where peers are short, the copies that fit are made and called degraded.
    let applied = await applyPlan(plan, watchedTarget(target, progress.seen), {
      deadlineMs: left,
      concurrency,
      wait,
      shortage: 'degrade',
      clock,
      random,
      signal,
      onProgress: progress.event,
    });
    if (prove !== 'off' && wait !== 'none') {
      const proofs = await this.#proofsOf(target);
      if (await proofs.settle(applied.results))
        applied = await this.#again(applied, plan, proofs.target, true);
    }
    const ofRollout = rolled === undefined ? [] : rolledResults(rolled, desired);
    const rollout = rolled?.shown;
    const pinned = appliedResults(applied, desired, { changed, wait });
    const summary = targetSummary(planned, target);
    if (retrieval === undefined || verifyRetrieval === 'off')
      return { plan, rollout, target: summary, results: [...blocked, ...ofRollout, ...pinned] };
    const checked = await checkRetrieval(pinned, desired, retrieval, {
      extent: verifyRetrieval,
      random,
      signal: this.#signal,
      clock,
      endsAt: this.#began + timeoutMs,
      log,
    });
    // Fetching back takes its time: the report and the receipt say what is so after it.
    const latest = await this.#again(applied, plan, this.#proofs?.target ?? target);
    const results = latestResults(checked, appliedResults(latest, desired, { changed, wait }));
    return { plan, rollout, target: summary, results: [...blocked, ...ofRollout, ...results] };
  }

  /** Those that are new go out in phases, where that was asked for. */
  async #rollOut(
    plan: Plan,
    desired: Desired,
    target: PinTarget,
    progress: Progress,
  ): Promise<RolledOut | undefined> {
    const { rollout, clock, random, log } = this.#ports;
    if (rollout === undefined) return undefined;
    const { owner, prove, concurrency } = this.#options;
    return rollOutDatasets({ plan, desired, target: watchedTarget(target, progress.seen) }, rollout, {
      ...{ owner, prove, concurrency, clock, random, log },
      commit: this.#head,
      leftMs: this.#left(),
      signal: this.#signal,
      onProgress: progress.event,
    });
  }

  #left(): number {
    return Math.max(0, this.#options.timeoutMs - (this.#ports.clock.now() - this.#began));
  }

  /** The copies as they are by now; as they were where the target cannot be read. */
  async #again(
    applied: ApplyReport,
    plan: Plan,
    target: PinTarget,
    shortAsWell?: boolean,
  ): Promise<ApplyReport> {
    const { clock, random } = this.#ports;
    const options = { signal: this.#signal, clock, random, shortAsWell };
    return lookAgain(applied, plan, target, options).catch((error: unknown) => {
      if (!(error instanceof PinningError) && !this.#signal.aborted) throw error;
      return applied;
    });
  }
}

/** What was fetched back, with the copies as they are by now. */
function latestResults(checked: readonly DatasetResult[], latest: readonly DatasetResult[]): DatasetResult[] {
  const byId = new Map(latest.map((result) => [result.id, result]));
  return checked.map((result) => {
    const now = byId.get(result.id);
    if (now === undefined || result.verdict === 'degraded') return result;
    const { retrieval } = result;
    return { ...now, ...(retrieval !== undefined && { retrieval }) };
  });
}

/** In the mode "changed", only what the push changed is planned. */
function scopeOf(mode: Report['mode'], { changed }: JudgedManifests) {
  return mode === 'all' ? {} : { changed };
}

interface Outcome extends Pick<Report, 'plan' | 'target' | 'results' | 'proofs' | 'rollout'> {
  readonly failure?: RunFailure;
  readonly notes?: readonly string[];
}

function targetSummary({ info }: PlannedDatasets, target: PinTarget) {
  const up = info.peers.filter((peer) => peer.up);
  const regions = [...new Set(up.flatMap(({ region }) => region ?? []))].sort();
  return { label: target.label, peersUp: up.length, peers: info.peers.length, regions };
}

function lostTargets({ kind, peers }: PlannedDatasets['info']): string[] {
  if (kind !== 'group') return [];
  const places = new Set(peers.flatMap(({ place }) => place ?? []));
  return [...places].flatMap((place) => {
    const own = peers.filter((peer) => peer.place === place);
    const error = own.find((peer) => peer.error !== undefined)?.error;
    return own.some(({ up }) => up) ? [] : [`${place} is passed over: ${error ?? 'none of its peers is up'}`];
  });
}

function lapsedNote({ lapsed }: JudgedManifests, mode: Report['mode']): string[] {
  if (mode === 'all' || lapsed.length === 0) return [];
  const names = lapsed.slice(0, 5).map(({ id, manifest }) => id ?? manifest);
  const more = lapsed.length > 5 ? ` and ${lapsed.length - 5} more` : '';
  return [`no longer verifies: ${names.join(', ')}${more}; the pins stay as they are`];
}
