import type { PinTarget } from '@holdfast/pinning';
import { delegatedTarget } from '@holdfast/pinning/internal';
import type { PinState } from '@holdfast/pinning/target';

/** A target that hands on each state it reports, so that the log of a wait can show it. */
export function watchedTarget(target: PinTarget, onState: (state: PinState) => void): PinTarget {
  return delegatedTarget(target, {
    async *observe(cids, options) {
      for await (const state of target.observe(cids, options)) {
        onState(state);
        yield state;
      }
    },
  });
}
