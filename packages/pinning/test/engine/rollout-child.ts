// Rolls datasets out in a process of its own, to be killed in the middle: `rollout-child.ts JSON`.
import type { PinRequest } from '../../src/desired/request.ts';
import { rollOut } from '../../src/rollout/roll-out.ts';
import type { PinTarget } from '../../src/target/target.ts';
import { type Places, placesGroup, rolloutOptions } from './rollout-places.ts';

const { places, requests, failing } = JSON.parse(process.argv[2] ?? '') as {
  places: Places;
  requests: PinRequest[];
  failing?: string;
};
// A word before each write, so that the other side knows where it is.
const told = (target: PinTarget): PinTarget => ({
  label: target.label,
  turns: target.turns,
  inspect: (options) => target.inspect(options),
  observe: (cids, options) => target.observe(cids, options),
  pin(cid, pin, options) {
    process.stdout.write('write\n');
    return target.pin(cid, pin, options);
  },
  unpin(cid, options) {
    process.stdout.write('write\n');
    return target.unpin(cid, options);
  },
  recover: (cid, options) => target.recover(cid, options),
});
await rollOut(requests, placesGroup(places, told), rolloutOptions(failing));
process.stdout.write('done\n');
