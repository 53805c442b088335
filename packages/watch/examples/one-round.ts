// Two rounds over a copy in a folder that is lost in between: nothing but this machine is needed.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copiesFor, LocalTarget, pin } from '@holdfast/pinning';
import { summarize, watchRound } from '@holdfast/watch';
import { openHistory } from '@holdfast/watch/node';

const folder = await mkdtemp(join(tmpdir(), 'holdfast-'));
const target = new LocalTarget({ folder: join(folder, 'copies') });
const cid = 'bafkreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6am';
await target.putBlocks([{ cid, bytes: new TextEncoder().encode('hello\n') }]);
const owner = 'github.com/example/data';
const requests = [{ cid, id: 'hello@1.0.0', owner, name: 'hello', copies: copiesFor('ephemeral') }];
await pin(requests, target, { owner });

const history = openHistory(join(folder, 'history'));
const look = async () =>
  history.append(await watchRound({ requests, target, everyMs: 60_000, clock: Date.now }));
await look();
await rm(join(folder, 'copies'), { recursive: true });
await look();
const { incidents } = await summarize(history.lines(), { at: Date.now() });
for (const { id, what } of incidents) console.log(`${id}: ${what.replace(/:.*/, '')}`); // prints: hello@1.0.0: 0 of 1 copy
await rm(folder, { recursive: true });
