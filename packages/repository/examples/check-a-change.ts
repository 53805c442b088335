import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkChanges, openRepository } from '@holdfast/repository';

// A repository with a key of alice's, and a change that brings half a manifest.
const folder = mkdtempSync(join(tmpdir(), 'holdfast-example-'));
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a', ...args], { cwd: folder });
git('init', '--quiet');
mkdirSync(join(folder, 'public-keys'));
writeFileSync(
  join(folder, 'public-keys', 'alice.pub'),
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea alice\n',
);
git('add', '.');
git('commit', '--quiet', '--message', 'Trust alice');
mkdirSync(join(folder, 'manifests'));
writeFileSync(join(folder, 'manifests', 'tides.json'), '{ "dataset": { "name": "tides" } }');
git('add', '.');
git('commit', '--quiet', '--message', 'Add tides');

await using repository = await openRepository(folder);
const base = await repository.resolve('HEAD~1');
const head = await repository.resolve('HEAD');
if (base === undefined || head === undefined) throw new Error('expected two commits');

// Trust comes from the base, the change from the head; both are read from Git objects.
const report = await checkChanges(repository, { base, head, at: new Date(), repository: 'owner/name' });
console.log(report.ok); // prints: false
for (const { kind, path } of report.changes) console.log(kind, path); // prints: add manifests/tides.json
console.log(report.problems[0]?.code, report.problems[0]?.line); // prints: manifest/missing-field 1

rmSync(folder, { recursive: true });
