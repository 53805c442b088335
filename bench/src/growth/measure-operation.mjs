// node measure-operation.mjs OPERATION N INPUTS: seconds of the work alone, the quickest of several, when nothing else was in its way.
import { operations } from './operations.mjs';

const [name = '', n, inputs = ''] = process.argv.slice(2);
const work = operations[name](Number(n), JSON.parse(inputs));

async function timed() {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

/** What is quick is done often enough to be compiled, as the slow does by itself. */
const warmUntil = performance.now() + 200;
do await timed();
while (performance.now() < warmUntil);

const times = [];
const until = performance.now() + 400;
do times.push(await timed());
while (times.length < 3 || performance.now() < until);

console.log(JSON.stringify({ seconds: Math.min(...times) }));
