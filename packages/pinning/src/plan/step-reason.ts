import { count, range } from '@holdfast/manifest/text';
import type { Holders } from '../observed/holders.ts';
import { combine } from '../target/claim-metadata.ts';
import type { ExistingPin } from '../target/pin-state.ts';
import type { WantedPin } from '../target/target.ts';
import type { Claims } from './claims.ts';
import type { Replication } from './replication.ts';
import type { StepKind } from './step.ts';

export interface ReasonInput {
  readonly kind: StepKind;
  readonly pin: ExistingPin | undefined;
  readonly final: WantedPin;
  readonly replication: Replication;
  readonly holders: Holders;
  readonly claims: Claims;
}

/** Why a step is what it is, for people. */
export function explain(input: ReasonInput): string {
  const { refuted } = input.holders;
  const unshown = refuted.map(({ name, id }) => name ?? id).join(', ');
  const whose = refuted.length === 1 ? 'its copy' : 'their copies';
  const also = refuted.length === 0 ? '' : `; ${unshown} could not show ${whose}`;
  return `${explained(input)}${also}`;
}

function explained({ kind, pin, final, replication, holders, claims }: ReasonInput): string {
  const { count: full, adds, spreadShort, lowerLater, fit } = replication;
  const { live, failing, pinned } = holders;
  const want = combine(claims.own);
  const few = fit < want.min ? `; only ${peers(fit)} fit to hold it, ${want.min} wanted` : '';
  switch (kind) {
    case 'pin':
      return `not pinned yet; ${wanted(want)} wanted${few}`;
    case 'raise':
      return `asks for ${wanted(pin)}, ${wanted(final)} wanted${few}`;
    case 'lower':
      return `asks for ${wanted(pin)}, only ${wanted(final)} wanted`;
    case 'top-up':
      return spreadShort && adds > 0 && live.length >= want.min
        ? `too few regions among its ${peers(live.length)}; ${adds} more wanted elsewhere`
        : `held by ${live.length} of the ${full} peers it should be on${few}`;
    case 'extend':
      return `ends ${pin?.expires}, wanted ${final.expires === undefined ? 'without end' : `until ${final.expires}`}`;
    case 'update':
      return 'its name, metadata, origins or end are not as wanted';
    case 'recover':
      return `${peers(failing.length)} gave up: ${failing[0]?.error ?? 'no reason given'}`;
    default:
      if (lowerLater)
        return `${count(pinned.length, 'copy', 'copies')}; more than wanted, but lowering now could drop the wrong ones`;
      return `as it should be: ${pinned.length} of ${wanted(want)} copies${few}`;
  }
}

function wanted(copies: { readonly min: number; readonly max: number } | undefined): string {
  if (copies === undefined) return 'nothing';
  return copies.max === -1 ? 'a copy everywhere' : range(copies);
}

export function peers(number: number): string {
  return count(number, 'peer');
}
