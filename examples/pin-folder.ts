// Plans and makes the copies of a folder on a local target: each place named after it keeps one copy.
import { carOf, hashFolder, readCar } from '@holdfast/content';
import { copiesFor, LocalTarget, pin } from '@holdfast/pinning';

const [folder = 'data', ...places] = process.argv.slice(2);
const { cid, totalSize } = await hashFolder(folder);
const target = new LocalTarget({ folder: places });
await target.putBlocks(readCar(carOf(folder)));
const owner = 'github.com/example/data';
const copies = copiesFor('standard');
const request = { cid, id: 'tides@1.0.0', owner, name: 'tides 1.0.0', copies, totalSize };
const { plan, results } = await pin([request], target, { owner, deadlineMs: 60_000 });
for (const { kind, reason } of plan.steps) console.log(`${kind}: ${reason}`);
for (const { name, outcome, reason } of results) console.log(`${name}: ${outcome}, ${reason}`);
