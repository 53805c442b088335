// Keeps one copy in a folder: nothing but this machine is needed.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyPlan, copiesFor, LocalTarget, observeFor, planPins } from '@holdfast/pinning';

const folder = await mkdtemp(join(tmpdir(), 'holdfast-'));
const target = new LocalTarget({ folder });
const cid = 'bafkreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6am';
await target.putBlocks([{ cid, bytes: new TextEncoder().encode('hello\n') }]);

const owner = 'github.com/example/data';
const desired = [{ cid, id: 'hello@1.0.0', owner, name: 'hello 1.0.0', copies: copiesFor('ephemeral') }];
const observed = await observeFor(desired, target, { owner });
const plan = planPins(desired, observed, { owner, info: await target.inspect(), at: new Date() });
for (const { kind, reason } of plan.steps) console.log(`${kind}: ${reason}`);
// prints: pin: not pinned yet; 1 wanted

const report = await applyPlan(plan, target, { deadlineMs: 10_000 });
for (const { name, outcome, reason } of report.results) console.log(`${name}: ${outcome}, ${reason}`);
// prints: hello 1.0.0: satisfied, 1 copy of at least 1
await rm(folder, { recursive: true });
