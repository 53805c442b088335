import { randomBytes } from 'node:crypto';
import {
  type BlockDamage,
  blockDamages,
  blockFile,
  type KuboNode,
  startKubo,
  type TestKubo,
} from '@holdfast/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Bitswap, createBitswap, gatewayCopy, type ProveOptions, proveCopies } from '../../src/proof.ts';

let kubo: TestKubo;
let node: KuboNode;
let bitswap: Bitswap;
beforeAll(async () => {
  kubo = await startKubo();
  [node] = kubo.nodes as [KuboNode];
}, 120_000);
afterAll(() => kubo?.close());
beforeEach(() => {
  bitswap = createBitswap({ silenceMs: 20_000 });
});
afterEach(() => bitswap.stop());

async function prove(cid: string, blocks: ProveOptions['blocks'] = 'all') {
  const source = bitswap.peer({ id: node.id, addresses: [node.address] });
  const [proof] = await proveCopies(cid, [{ peer: node.id, source }], { seed: `${Math.random()}`, blocks });
  return proof;
}

async function folder(): Promise<{ cid: string; blocks: string[] }> {
  const files = Array.from({ length: 12 }, (_, i) => [`f${i}`, randomBytes(50_000 * (i % 5))] as const);
  const cid = await kubo.addContent(Object.fromEntries(files));
  await node.rpc('pin/add', { arg: cid });
  const refs = await node.rpc('refs', { arg: cid, recursive: true, unique: true });
  const lines = refs.trim().split('\n');
  return { cid, blocks: lines.map((line) => (JSON.parse(line) as { Ref: string }).Ref) };
}

describe('a real Kubo node', () => {
  it('is proved for what it has, an empty file included, which it denies over bitswap', async () => {
    const { cid, blocks } = await folder();
    expect(await prove(cid)).toMatchObject({ verdict: 'proved', blocks: blocks.length, lost: 0 });
    expect(await prove(cid, 100)).toMatchObject({ verdict: 'proved', draws: 100 });
  });

  it('is proved for a folder of 5,000 files and for a file of 20 MB', async () => {
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`${i}.txt`, `row ${i}\n`]));
    expect(await prove(await kubo.addContent(many))).toMatchObject({ verdict: 'proved', lost: 0 });
    const large = await kubo.addContent(randomBytes(20_000_000));
    expect(await prove(large)).toMatchObject({ verdict: 'proved', blocks: 21 });
    expect(await prove(large, 16)).toMatchObject({ verdict: 'proved' });
  });

  it.each(Object.keys(blockDamages) as BlockDamage[])('is refuted by a block that was %s', async (how) => {
    const { cid, blocks } = await folder();
    const [first, , second] = blocks.filter((block) => block !== emptyBlock) as [string, string, string];
    for (const block of [first, second]) blockDamages[how](blockFile(node.repository, block));
    // What the node itself says of it: nothing is amiss.
    expect(await node.rpc('pin/ls', { arg: cid })).toContain(cid);
    const proof = await prove(cid);
    expect(proof).toMatchObject({ verdict: 'refuted', lost: 2 });
    expect([...(proof?.missing ?? []), ...(proof?.damaged ?? [])].toSorted()).toEqual(
      [first, second].toSorted(),
    );
    expect(await prove(cid, 400)).toMatchObject({ verdict: 'refuted' });
  });

  it('is asked through its gateway as well, which then searches nowhere', async () => {
    const { cid, blocks } = await folder();
    const copies = [{ peer: node.id, source: gatewayCopy(node.gateway) }];
    const throughGateway = async () => (await proveCopies(cid, copies, { seed: 's', blocks: 'all' }))[0];
    expect(await throughGateway()).toMatchObject({ verdict: 'proved', blocks: blocks.length });
    const [first, , second] = blocks.filter((block) => block !== emptyBlock) as [string, string, string];
    blockDamages.removed(blockFile(node.repository, first));
    blockDamages.flipped(blockFile(node.repository, second));
    // A gateway answers from what the node remembers having: a look by bitswap corrects that.
    expect(await prove(cid)).toMatchObject({ verdict: 'refuted' });
    expect(await throughGateway()).toMatchObject({
      verdict: 'refuted',
      missing: [first],
      damaged: [second],
    });
  });

  it('is refuted where one block alone was damaged', async () => {
    const { cid, blocks } = await folder();
    const block = blocks.find((each) => each !== emptyBlock) as string;
    blockDamages.overwritten(blockFile(node.repository, block));
    expect(await prove(cid)).toMatchObject({ verdict: 'refuted', damaged: [block], missing: [] });
  });

  it('is refuted where all its blocks are gone, and still says pinned', async () => {
    const { cid, blocks } = await folder();
    const own = [cid, ...blocks].filter((block) => block !== emptyBlock);
    for (const block of own) blockDamages.removed(blockFile(node.repository, block));
    expect(await node.rpc('pin/ls', { arg: cid })).toContain(cid);
    expect(await prove(cid, 16)).toMatchObject({ verdict: 'refuted', missing: [cid], lostDraws: 16 });
  });

  it('is refuted where it was replaced by an empty one of the same identity', async () => {
    const { cid } = await folder();
    await node.replace();
    expect(await prove(cid, 16)).toMatchObject({ verdict: 'refuted', missing: [cid] });
  });

  it('is unreachable while it is stopped, and where it dies while it is asked', async () => {
    const { cid } = await folder();
    await kubo.stop(node, 'kill');
    const proof = await prove(cid, 16);
    expect(proof?.verdict).toBe('unreachable');
    expect(proof?.why).toMatch(/^could not connect: /);
    await kubo.restart(node);
    await bitswap.stop();
    bitswap = createBitswap({ silenceMs: 20_000 });
    const large = await kubo.addContent(randomBytes(60_000_000));
    const asked = prove(large);
    await kubo.stop(node, 'kill');
    expect((await asked)?.verdict).toBe('unreachable');
    await kubo.restart(node);
  });
});

const emptyBlock = 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku';
