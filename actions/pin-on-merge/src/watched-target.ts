import type { PinTarget } from '@holdfast/pinning';
import type { PinState } from '@holdfast/pinning/target';

/** A target that hands on each state it reports, so that the log of a wait can show it. */
export function watchedTarget(target: PinTarget, onState: (state: PinState) => void): PinTarget {
  return {
    label: target.label,
    turns: target.turns,
    inspect: (options) => target.inspect(options),
    async *observe(cids, options) {
      for await (const state of target.observe(cids, options)) {
        onState(state);
        yield state;
      }
    },
    pin: (cid, pin, options) => target.pin(cid, pin, options),
    unpin: (cid, options) => target.unpin(cid, options),
    recover: (cid, options) => target.recover(cid, options),
    ...(target.readBlock && { readBlock: target.readBlock.bind(target) }),
    ...(target.repair && { repair: target.repair.bind(target) }),
  };
}
