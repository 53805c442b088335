import { type Clock, systemClock } from '@holdfast/http';

const pace = 10;
const began = systemClock.now();

/** Ten seconds pass in one: for targets behind a real socket or file system, which `ManualClock` would not wait for. */
export const hastyClock: Clock = {
  now: () => began + (systemClock.now() - began) * pace,
  sleep: (ms, signal) => systemClock.sleep(ms / pace, signal),
};
