import { type Clock, systemClock } from '@holdfast/http';

export { generateKey } from '@holdfast/manifest';
export { startKubo } from '@holdfast/testkit';
export { tempFolder } from '../../../content/test/support/temp-folder.ts';
export { createNames, createRecord, type NameNode, nameOf } from '../../src/index.ts';
export { folderNameStore } from '../../src/node.ts';

const never = 2 ** 31;

/** No time limit runs out, however busy the machine: a node that hangs is never given up. Shorter pauses are as they are. */
export const withoutDeadlines: Clock = sleeping((ms) => (ms < 500 ? ms : never));

/** A round ends only when every node has answered. */
export const awaitingAll: Clock = sleeping(() => never);

function sleeping(howLong: (ms: number) => number): Clock {
  return { now: systemClock.now, sleep: (ms, signal) => systemClock.sleep(howLong(ms), signal) };
}

/** Counts what time was waited to its end. */
export function countingClock(): { readonly clock: Clock; readonly waited: number[] } {
  const waited: number[] = [];
  const sleep: Clock['sleep'] = async (ms, signal) => {
    await systemClock.sleep(ms, signal);
    waited.push(ms);
  };
  return { clock: { now: systemClock.now, sleep }, waited };
}
