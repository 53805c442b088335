import { Deadline, retry, systemClock } from '@holdfast/http';
import { copies as copiesWanted } from '@holdfast/manifest/text';
import { type ApplyOptions, applyPlan } from '../apply/apply.ts';
import type { ApplyReport, CidResult } from '../apply/apply-report.ts';
import { copiesText } from '../apply/cid-result.ts';
import type { PinRequest } from '../desired/request.ts';
import { type Coverage, coverageOf } from '../observed/coverage.ts';
import { observeFor } from '../observed/observation.ts';
import { planOnTarget } from '../plan/plan-on-target.ts';
import { PinningError } from '../target/pinning-error.ts';
import type { PinTarget, TargetInfo } from '../target/target.ts';
import { ownPeers, type Phase, placesOf, targetUpTo, wholePhases } from './phase.ts';
import { type RolledBack, rollBackPlan } from './roll-back-plan.ts';
import type { OpenPhase, RolloutOptions } from './rollout-options.ts';
import {
  type PhaseCheck,
  type PhaseReport,
  type RolledDataset,
  type RolloutOutcome,
  type RolloutReport,
  worstOutcome,
} from './rollout-report.ts';
import { phaseTargets, reached } from './rollout-state.ts';

/** One dataset on its way. */
interface Rolling {
  readonly request: PinRequest;
  /** The last phase that it came to. */
  at: number;
  outcome?: RolloutOutcome;
  reason: string;
  coverage?: Coverage | undefined;
  checks: readonly PhaseCheck[];
}

/**
 * Rolls datasets out over a target, phase by phase: the copies of a phase are made and looked at before the next one begins. What
 * fails is taken back; what was rolled out before is not touched. How far a dataset is stands in its pins, so that a run that was
 * killed is gone on with by running it again.
 *
 * @example
 * ```ts
 * import { copiesFor, LocalTarget, rollOut, TargetGroup } from '@holdfast/pinning';
 *
 * const [lab, archive] = [new LocalTarget({ folder: 'lab' }), new LocalTarget({ folder: 'archive' })];
 * const cid = 'bafkreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6am';
 * for (const folder of [lab, archive]) await folder.putBlocks([{ cid, bytes: new TextEncoder().encode('hello\n') }]);
 * const target = new TargetGroup({
 *   members: [
 *     { name: 'lab', target: lab },
 *     { name: 'archive', target: archive },
 *   ],
 * });
 * const owner = 'github.com/example/data';
 * const requests = [{ cid, id: 'hello@1.0.0', owner, name: 'hello', copies: copiesFor('standard') }];
 * const phases = [{ name: 'canary', places: ['lab'] }];
 * const report = await rollOut(requests, target, { owner, phases });
 * console.log(report.outcome, report.phases.map(({ phase }) => phase)); // prints: done [ 'canary', 'rest' ]
 * ```
 */
export async function rollOut(
  requests: readonly PinRequest[],
  target: PinTarget,
  options: RolloutOptions,
): Promise<RolloutReport> {
  const { clock = systemClock, deadlineMs } = options;
  const began = clock.now();
  using deadline = new Deadline(clock, deadlineMs, options.signal);
  const run = new Run(target, options, deadline.signal, began);
  return run.report(requests);
}

class Run {
  readonly #target: PinTarget;
  readonly #options: RolloutOptions;
  readonly #signal: AbortSignal;
  readonly #began: number;

  constructor(target: PinTarget, options: RolloutOptions, signal: AbortSignal, began: number) {
    this.#target = target;
    this.#options = options;
    this.#signal = signal;
    this.#began = began;
  }

  async report(requests: readonly PinRequest[]): Promise<RolloutReport> {
    const info = await this.#retried(() => this.#target.inspect({ signal: this.#signal }));
    const phases = wholePhases(this.#options.phases ?? [], info);
    const { until } = this.#options;
    if (until !== undefined && !phases.some(({ name }) => name === until))
      throw new RangeError(
        `until expected one of ${phases.map(({ name }) => name).join(', ')}, got "${until}"`,
      );
    const rolling = await this.#begin(requests, phases, info);
    const reports: PhaseReport[] = [];
    for (const [index, phase] of phases.entries()) {
      const open = rolling.filter(({ outcome }) => outcome === undefined);
      reports.push(await this.#phase(index, phases, open));
      if (phase.name === until)
        for (const each of open.filter(({ outcome }) => outcome === undefined))
          end(each, 'paused', `it stands in phase ${phase.name}, and the rollout was to stop there`);
    }
    await this.#finish(rolling.filter(({ outcome }) => outcome === undefined));
    const datasets = rolling.map((each) => rolledDataset(each, phases));
    return {
      outcome: worstOutcome(datasets.map(({ outcome }) => outcome)),
      phases: reports,
      datasets,
      startedAt: new Date(this.#began).toISOString(),
      elapsedMs: this.#now() - this.#began,
    };
  }

  async #begin(
    requests: readonly PinRequest[],
    phases: readonly Phase[],
    info: TargetInfo,
  ): Promise<Rolling[]> {
    const states = await this.#states(requests);
    return requests.map((request) => {
      const { standing, index } = reached(request, states.get(request.cid), phases, info);
      const each: Rolling = { request, at: index, reason: '', checks: [] };
      if (standing !== 'whole') return each;
      const state = states.get(request.cid) ?? { cid: request.cid, peers: [] };
      each.coverage = coverageOf(state, request.copies, info, this.#now());
      const { missing } = each.coverage;
      end(
        each,
        'done',
        `it was rolled out before${missing === '' ? '' : `, and lacks copies since: ${missing}`}`,
      );
      return each;
    });
  }

  async #phase(index: number, phases: readonly Phase[], open: readonly Rolling[]): Promise<PhaseReport> {
    const began = this.#now();
    const { onPhase } = this.#options;
    const phase = phases[index] as Phase;
    const info = await this.#target.inspect({ signal: this.#signal });
    const own = ownPeers(phases, index, info);
    const places = placesOf(phases, index, info);
    const due = open.filter(({ at }) => at <= index);
    const report = (state: PhaseReport['state']): PhaseReport => ({
      phase: phase.name,
      places,
      state,
      passed:
        state === 'waiting'
          ? 0
          : open.filter(({ outcome, at }) => outcome === undefined && at >= index).length,
      failed: open.filter(({ outcome }) => outcome === 'rolled-back').length,
      elapsedMs: this.#now() - began,
    });
    if (open.length === 0) return report('waiting');
    if (due.length === 0) return report('done');
    onPhase?.({ type: 'phase-started', phase: phase.name, datasets: due.length });
    if (!own.some(({ up }) => up)) {
      const why = own.find(({ error }) => error !== undefined)?.error;
      for (const each of due)
        end(
          each,
          'held',
          `nothing of phase ${phase.name} can be asked${why === undefined ? '' : `: ${why}`}`,
        );
      this.#keepTogether(open);
      return report('held');
    }
    const part = targetUpTo(this.#target, phases, index);
    await this.#make(due, { part, phases, index, info });
    const made = due.filter(({ outcome }) => outcome === undefined);
    await this.#verify(made, { name: phase.name, target: part, peers: own });
    this.#keepTogether(open);
    const failed = open.filter(({ outcome }) => outcome === 'rolled-back');
    if (failed.length > 0) await this.#giveUp(failed, phase.name);
    const passed = due.filter(({ outcome }) => outcome === undefined).length;
    onPhase?.({ type: 'phase-ended', phase: phase.name, passed, failed: failed.length });
    return report(passed > 0 ? 'done' : worstOutcome(due.flatMap(({ outcome }) => outcome ?? [])));
  }

  /** The worst of what belongs together is what becomes of all of it. */
  #keepTogether(open: readonly Rolling[]): void {
    const { together } = this.#options;
    if (together === undefined) return;
    const groups = Map.groupBy(open, ({ request }) => together(request.id));
    for (const group of groups.values()) {
      const worst = worstOutcome(group.flatMap(({ outcome }) => outcome ?? []));
      const cause = group.find(({ outcome }) => outcome === worst);
      if (cause === undefined) continue;
      for (const each of group)
        if (each.outcome !== worst) end(each, worst, `${cause.request.name}: ${cause.reason}`);
    }
  }

  /** The copies of one phase, and of those before. */
  async #make(
    due: readonly Rolling[],
    {
      part,
      phases,
      index,
      info,
    }: { part: PinTarget; phases: readonly Phase[]; index: number; info: TargetInfo },
  ): Promise<void> {
    const { phaseMs } = this.#options;
    const name = phases[index]?.name ?? '';
    const isLast = index === phases.length - 1;
    const states = await this.#states(due.map(({ request }) => request));
    const asked = due.map(({ request }): PinRequest => {
      if (isLast) return { ...request, phase: name };
      const { count, regions } = phaseTargets(request, states.get(request.cid), phases, info)[index] ?? {
        count: 1,
        regions: 0,
      };
      const copies = { min: count, max: count, regions, spread: request.copies.spread };
      return { ...request, phase: name, copies };
    });
    for (const each of due) each.at = index;
    const limit = Math.min(phaseMs ?? Number.POSITIVE_INFINITY, this.#left());
    const applied = await this.#apply(asked, part, limit);
    for (const each of due) this.#judge(each, applied, name);
  }

  #judge(each: Rolling, { results, report, short }: Applied, name: string): void {
    const result = results.get(each.request.cid);
    if (result === undefined || report === undefined) {
      end(each, 'unfinished', short ?? 'the time was over before it was asked for');
      return;
    }
    each.coverage = result.coverage;
    if (result.outcome === 'satisfied') return;
    const lacksPlaces = report.capacity.problems.some(({ cids }) => cids.includes(result.cid));
    if (lacksPlaces) end(each, 'held', `phase ${name} lacks places now: ${result.reason}`);
    // The time of the phase says something about the phase; that of the whole run does not.
    else if (report.ended === 'cancelled' || this.#left() === 0) end(each, 'unfinished', result.reason);
    else {
      each.checks = [{ check: 'copies', ok: false, text: result.reason }];
      end(each, 'rolled-back', `phase ${name} failed: ${result.reason}`);
    }
  }

  async #verify(made: readonly Rolling[], phase: OpenPhase): Promise<void> {
    const { verify, onPhase } = this.#options;
    const copies = ({ coverage }: Rolling): PhaseCheck => ({
      check: 'copies',
      ok: true,
      text: coverage === undefined ? 'nothing is wanted of it any more' : copiesText(coverage),
    });
    for (const each of made) each.checks = [copies(each)];
    if (verify === undefined || made.length === 0) return;
    onPhase?.({ type: 'phase-verifying', phase: phase.name, datasets: made.length });
    const cids = [...new Set(made.map(({ request }) => request.cid))];
    const signal = this.#signal;
    const found = await verify(phase, cids, { signal }).catch((error: unknown) => {
      if (!(error instanceof PinningError) && !signal.aborted) throw error;
      return new Map<string, readonly PhaseCheck[]>();
    });
    for (const each of made) {
      const checks = found.get(each.request.cid);
      each.checks = [copies(each), ...(checks ?? [])];
      if (checks === undefined) end(each, 'unfinished', `phase ${phase.name} could not be looked at in time`);
      const bad = checks?.filter(({ ok }) => !ok).map(({ text }) => text) ?? [];
      if (bad.length > 0) end(each, 'rolled-back', `phase ${phase.name} failed: ${bad.join('; ')}`);
    }
  }

  async #giveUp(failed: readonly Rolling[], phase: string): Promise<void> {
    const { onPhase } = this.#options;
    onPhase?.({ type: 'rolling-back', phase, datasets: failed.length });
    let lost: string | undefined;
    const gone: readonly RolledBack[] = await this.#takenBack(failed).catch((error: unknown) => {
      if (!(error instanceof PinningError)) throw error;
      lost = error.message;
      return [];
    });
    const byCid = new Map(gone.map((each) => [each.cid, each]));
    for (const each of failed) {
      const found = byCid.get(each.request.cid);
      const error = found?.ok === false ? found.reason : lost;
      if (error !== undefined)
        end(each, 'unfinished', `${each.reason}; it could not be taken back: ${error}`);
      else each.reason += `; taken back: ${found?.reason ?? 'nothing of it was asked for'}`;
    }
  }

  async #takenBack(failed: readonly Rolling[]): Promise<readonly RolledBack[]> {
    const { owner } = this.#options;
    const scope = {
      owner,
      signal: this.#signal,
      cids: failed.map(({ request }) => request.cid),
      ids: failed.map(({ request }) => request.id),
    };
    const { plan, rolledBack } = await this.#retried(() =>
      rollBackPlan(this.#target, scope, () => this.#now()),
    );
    const report = await applyPlan(plan, this.#target, { ...this.#applying(this.#left()), wait: 'none' });
    return rolledBack(report.results);
  }

  /** It stands everywhere: from now on it is a pin as any other. */
  async #finish(through: readonly Rolling[]): Promise<void> {
    if (through.length === 0) return;
    const requests = through.map(({ request }) => request);
    const applied = await this.#apply(requests, this.#target, this.#left());
    for (const each of through) {
      const result = applied.results.get(each.request.cid);
      const error = applied.short ?? result?.error?.message;
      each.coverage = result?.coverage ?? each.coverage;
      if (result === undefined || error !== undefined)
        end(
          each,
          'unfinished',
          `it stands in every phase, and its pin could not be written: ${error ?? 'the time was over'}`,
        );
      else end(each, 'done', `${copiesWanted(each.request.copies)}: ${result.reason}`);
    }
  }

  async #apply(requests: readonly PinRequest[], target: PinTarget, limit: number): Promise<Applied> {
    const signal = this.#signal;
    const planning = { owner: this.#options.owner, signal, now: () => new Date(this.#now()) };
    try {
      const { plan } = await this.#retried(() => planOnTarget(requests, target, planning));
      const report = await applyPlan(plan, target, this.#applying(limit));
      return { report, results: new Map(report.results.map((result) => [result.cid, result])) };
    } catch (error) {
      if (!(error instanceof PinningError) && !signal.aborted) throw error;
      const short = error instanceof PinningError ? error.message : 'the time was over';
      return { short, results: new Map() };
    }
  }

  #applying(limit: number): ApplyOptions {
    const { concurrency, backOff, onProgress, clock, random } = this.#options;
    return {
      ...{ concurrency, backOff, onProgress, clock, random },
      signal: this.#signal,
      shortage: 'degrade',
      ...(Number.isFinite(limit) && { deadlineMs: limit }),
    };
  }

  async #states(requests: readonly PinRequest[]) {
    const scope = { owner: this.#options.owner, signal: this.#signal };
    const states = await this.#retried(() => observeFor(requests, this.#target, scope));
    return new Map(states.map((state) => [state.cid, state]));
  }

  #retried<T>(work: () => Promise<T>): Promise<T> {
    const { clock = systemClock, random = Math.random, backOff } = this.#options;
    return retry(work, { clock, random, signal: this.#signal, backOff });
  }

  #now(): number {
    return (this.#options.clock ?? systemClock).now();
  }

  #left(): number {
    const { deadlineMs } = this.#options;
    return deadlineMs === undefined
      ? Number.POSITIVE_INFINITY
      : Math.max(0, this.#began + deadlineMs - this.#now());
  }
}

/** What was applied, or why it was not. */
interface Applied {
  readonly report?: ApplyReport;
  readonly results: ReadonlyMap<string, CidResult>;
  readonly short?: string;
}

function end(each: Rolling, outcome: RolloutOutcome, reason: string): void {
  each.outcome = outcome;
  each.reason = reason;
}

function rolledDataset(
  { request, at, outcome, reason, coverage, checks }: Rolling,
  phases: readonly Phase[],
): RolledDataset {
  const { cid, id, name } = request;
  const phase = phases[at]?.name;
  return {
    cid,
    id,
    name,
    ...(phase !== undefined && { phase }),
    outcome: outcome ?? 'unfinished',
    reason,
    ...(coverage !== undefined && { coverage }),
    checks,
  };
}
