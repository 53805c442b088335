import { eachPinned } from '@holdfast/pinning';
import { keepHeapSmall } from '@holdfast/retrieval/node';
import { count, owner, requests, target } from './group-submit-set.mjs';

keepHeapSmall();
const began = performance.now();
let submitted = 0;
const onProgress = (event) => {
  if (event.type === 'step-submitted') submitted += 1;
};
const options = { owner, wait: /** @type {const} */ ('none'), onProgress };
let reported = 0;
for await (const { results } of eachPinned({ [Symbol.iterator]: requests }, target, options))
  reported += results.length;
if (reported !== count) throw new Error(`${reported} of ${count} were reported`);
if (submitted !== count) throw new Error(`${submitted} of ${count} were submitted`);
console.log(JSON.stringify({ submitted, seconds: (performance.now() - began) / 1000 }));
target.close();
