// node check-repository.mjs PATH BASE HEAD: judges what HEAD changes against BASE, and says how much that was.
import { checkChanges, openRepository } from '@holdfast/repository';

const [path = '', base = '', head = ''] = process.argv.slice(2);
await using repository = await openRepository(path);
const report = await checkChanges(repository, { base, head, at: new Date('2026-11-21T07:00:00Z') });
const { ok, changes, manifests } = report;
console.log(JSON.stringify({ ok, changes: changes.length, manifests }));
