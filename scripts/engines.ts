// Gets the engines of the tests and the demo: finds each where it is, builds the others with Go into the cache.
import { availableParallelism } from 'node:os';
import {
  type BuildProgress,
  EngineMissing,
  type EngineName,
  engines,
  engineVersion,
  findEngine,
} from '../packages/testkit/src/index.ts';
import { namesOf } from './names.ts';

const all = Object.values(engines);
const wanted = namesOf(process.argv.slice(2), {
  command: 'npm run engines',
  about: 'Finds each engine, or those that are named, and builds with Go what is nowhere.',
  names: all.map((engine) => ({
    name: engine.name,
    about: `${engine.binary} ${engineVersion(engine)}; ${engine.variable} names another place`,
  })),
});
const names: EngineName[] = all
  .map(({ name }) => name)
  .filter((name) => wanted.length === 0 || wanted.includes(name));
// Go builds on all cores by itself. A second build beside it fills the gaps of downloads and linking.
const width = availableParallelism() < 4 ? 2 : 4;

function say({ module, version, state, seconds }: BuildProgress): void {
  const what = state === 'built' ? 'built in' : seconds < 1 ? 'building with Go' : 'still building,';
  console.log(`engines: ${module} ${version}: ${what}${seconds < 1 ? '' : ` ${seconds.toFixed(0)} s`}`);
}

const failures: string[] = [];
// The engines of one module come in one build, so they are looked for one after the other.
const waiting = [...Map.groupBy(names, (name) => engines[name].module).values()];

async function work(): Promise<void> {
  for (let group = waiting.shift(); group; group = waiting.shift()) {
    for (const name of group) await get(name);
  }
}

async function get(name: EngineName): Promise<void> {
  try {
    await findEngine(name, { build: true, onProgress: say });
  } catch (error) {
    if (!(error instanceof EngineMissing)) throw error;
    failures.push(error.message);
  }
}

await Promise.all(Array.from({ length: width }, work));
for (const failure of failures) console.error(`engines: ${failure}`);
if (failures.length === 0) console.log(`engines: here are ${names.join(', ')}`);
process.exitCode = failures.length === 0 ? 0 : 1;
