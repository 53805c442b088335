import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rawCid } from '@holdfast/manifest/internal';
import { ClusterTarget, TargetGroup } from '@holdfast/pinning';

const [number, work = ''] = process.argv.slice(2);
const urls = JSON.parse(readFileSync(work, 'utf8'));
const spread = /** @type {const} */ ('where-tagged');
const copies = { min: urls.length, max: urls.length, regions: 0, spread };
const seed = randomBytes(16);

export const count = Number(number);
export const owner = 'example.org/bench';

/** New pins, drawn anew by each process; nobody has their content. */
export function* requests() {
  for (let index = 0; index < count; index += 1) {
    const cid = rawCid(createHash('sha256').update(seed).update(String(index)).digest());
    yield { cid, id: `set-${index}@1.0.0`, owner, name: `set ${index}`, copies };
  }
}

export const target = new TargetGroup({
  members: urls.map((url, index) => ({
    name: `t${index}`,
    target: new ClusterTarget({ endpoints: [url] }),
  })),
});
