import { join } from 'node:path';
import { fetchVerified, hashFolder, readVerified, verifyFolder } from '@holdfast/content';
import { startKubo } from '@holdfast/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { noise, tempFolder } from '../../content/test/support/temp-folder.ts';
import { createGateways, type Source } from '../src/index.ts';

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
    await fetchVerified(hash.cid, createGateways([sources()[name] as Source]), { to });
    expect(await verifyFolder(to, hash)).toMatchObject({ ok: true });
  },
);

it('reads one file, and fails over from a node that does not have it', { timeout: 60_000 }, async () => {
  const cid = (await hashFolder(join(tempFolder(tree), 'big'))).cid;
  await kubo.addContent(tree);
  const elsewhere: Source = { kind: 'kubo', url: 'http://127.0.0.1:9' };
  let length = 0;
  for await (const chunk of readVerified(cid, createGateways([elsewhere, ...Object.values(sources())])))
    length += chunk.length;
  expect(length).toBe(9_000_000);
});
