// One line of JSON for each thing that a target keeps. Exits with 1 where copies are missing.
import { LocalTarget, pinStatus } from '@holdfast/pinning';

const target = new LocalTarget({ folder: process.argv.slice(2) });
const { items } = await pinStatus(target);
for (const { cid, name, health, copies } of items) console.log(JSON.stringify({ cid, name, health, copies }));
if (items.some(({ health }) => health !== 'healthy')) process.exitCode = 1;
