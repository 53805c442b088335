/** One look at a place. */
export interface Sample {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly ok: boolean;
  readonly ms: number;
  readonly fault?: string | undefined;
}

export interface SlaReport {
  /** `too-few`: so few samples cannot say whether the target is met. */
  readonly verdict: 'met' | 'missed' | 'too-few';
  readonly target: number;
  readonly windowMs: number;
  readonly samples: number;
  /** Fewer than these, and one failure would decide. */
  readonly needed: number;
  /** The share that was well; undefined without samples. */
  readonly availability: number | undefined;
}

/** Holds the share of good samples in the window against the target. */
export function slaOf(samples: readonly Sample[], target: number, windowMs: number, now: number): SlaReport {
  if (!(target > 0 && target < 1))
    throw new RangeError(`"target" expected a share between 0 and 1, got ${target}`);
  if (!(windowMs > 0)) throw new RangeError(`"windowMs" expected a number above 0, got ${windowMs}`);
  const recent = samples.filter(({ at }) => at > now - windowMs && at <= now);
  const good = recent.filter(({ ok }) => ok).length;
  // Rounded, because 1 - 0.999 is not 0.001.
  const needed = Math.round(1 / (1 - target));
  const availability = recent.length === 0 ? undefined : good / recent.length;
  const verdict =
    availability === undefined || recent.length < needed
      ? 'too-few'
      : availability >= target
        ? 'met'
        : 'missed';
  return { verdict, target, windowMs, samples: recent.length, needed, availability };
}
