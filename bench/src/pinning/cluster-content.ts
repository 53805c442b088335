import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sha256 } from '@holdfast/manifest';
import { rawCid } from '@holdfast/manifest/internal';
import type { TestCluster } from '@holdfast/testkit';

/** An unpin that is still under way can make the emptying of a node fail. */
export async function emptied(cluster: TestCluster): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await cluster.clean();
    } catch (error) {
      if (attempt === 20) throw error;
      await sleep(500);
    }
  }
}

/** So many small files that nobody has pinned before, on every node. */
export async function freshContent(cluster: TestCluster, count: number): Promise<string[]> {
  const run = randomUUID();
  const texts = Array.from({ length: count }, (_, index) => `${run} ${index}`);
  const files = Object.fromEntries(texts.map((text, index) => [`${index}.txt`, text]));
  for (const peer of cluster.peers) await cluster.addContent(files, { on: peer });
  return texts.map((text) => rawCid(sha256(new TextEncoder().encode(text))));
}
