import { join } from 'node:path';
import { startKubo } from '@holdfast/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fetchVerified } from '../src/fetch/fetch-verified.ts';
import { readVerified } from '../src/fetch/read-verified.ts';
import type { Source } from '../src/fetch/source.ts';
import { hashFolder } from '../src/hash/hash-folder.ts';
import { verifyFolder } from '../src/hash/verify-folder.ts';
import { noise, tempFolder } from './support/temp-folder.ts';

let kubo: Awaited<ReturnType<typeof startKubo>>;

beforeAll(async () => {
  kubo = await startKubo();
}, 60_000);

afterAll(() => kubo.close());

const tree = {
  big: noise(9_000_000),
  'sub/empty': '',
  'sub/naïve name.txt': 'x',
  ...Object.fromEntries(Array.from({ length: 1100 }, (_, i) => [`many/${'n'.repeat(240)}${i}`, `${i % 9}`])),
};

function sources(): Record<string, Source> {
  const [node] = kubo.nodes;
  return {
    'gateway, raw': { kind: 'gateway', url: node?.gateway ?? '' },
    'gateway, CAR': { kind: 'gateway', url: node?.gateway ?? '', format: 'car' },
    RPC: { kind: 'kubo', url: node?.api ?? '' },
  };
}

it.each(['gateway, raw', 'gateway, CAR', 'RPC'])(
  'fetches from a real Kubo: %s',
  { timeout: 60_000 },
  async (name) => {
    const hash = await hashFolder(tempFolder(tree));
    expect(await kubo.addContent(tree)).toBe(hash.cid);
    const to = join(tempFolder(), 'to');
    await fetchVerified(hash.cid, [sources()[name] as Source], { to });
    expect(await verifyFolder(to, hash)).toMatchObject({ ok: true });
  },
);

it('reads one file, and fails over from a node that does not have it', { timeout: 60_000 }, async () => {
  const cid = (await hashFolder(join(tempFolder(tree), 'big'))).cid;
  await kubo.addContent(tree);
  const elsewhere: Source = { kind: 'kubo', url: 'http://127.0.0.1:9' };
  let length = 0;
  for await (const chunk of readVerified(cid, [elsewhere, ...Object.values(sources())]))
    length += chunk.length;
  expect(length).toBe(9_000_000);
});
