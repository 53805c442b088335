import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { TargetGroup } from '../../../src/targets/group/target-group.ts';
import { LocalTarget } from '../../../src/targets/local/local-target.ts';
import { leafOf } from '../car.ts';
import { compliance } from '../compliance.ts';

const roots: string[] = [];
afterAll(() => Promise.all(roots.map((root) => rm(root, { recursive: true }))));

compliance('TargetGroup of folders', async () => {
  const root = await mkdtemp(join(tmpdir(), 'holdfast-group-'));
  roots.push(root);
  const oslo = new LocalTarget({ folder: join(root, 'oslo') });
  const lisbon = new LocalTarget({ folder: [join(root, 'lisbon-1'), join(root, 'lisbon-2')] });
  const target = new TargetGroup({
    members: [
      { name: 'oslo', target: oslo, region: 'north' },
      { name: 'lisbon', target: lisbon, region: 'south' },
    ],
  });
  const content = async () => {
    const leaf = leafOf(randomBytes(20));
    for (const each of [oslo, lisbon]) await each.putBlocks([leaf]);
    return leaf.cid;
  };
  return { target, most: 3, content, async [Symbol.asyncDispose]() {} };
});
