import type { PinTarget } from './target.ts';

/** A target that does all that another one does, but for what is given. */
export function delegatedTarget(target: PinTarget, changes: Partial<PinTarget>): PinTarget {
  return {
    label: target.label,
    turns: target.turns,
    inspect: (options) => target.inspect(options),
    observe: (cids, options) => target.observe(cids, options),
    pin: (cid, pin, options) => target.pin(cid, pin, options),
    unpin: (cid, options) => target.unpin(cid, options),
    recover: (cid, options) => target.recover(cid, options),
    ...(target.readBlock && { readBlock: target.readBlock.bind(target) }),
    ...(target.repair && { repair: target.repair.bind(target) }),
    ...changes,
  };
}
