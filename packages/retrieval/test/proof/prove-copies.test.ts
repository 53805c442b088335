import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DagBuilder } from '../../../content/test/support/dag.ts';
import { noise, tempFolder, writeTree } from '../../../content/test/support/temp-folder.ts';
import { RetrievalError } from '../../src/index.ts';
import { type CopyProof, findChance, type ProveOptions, proveCopies, ReadBudget } from '../../src/proof.ts';
import { blocksOf } from '../support/gateway.ts';
import { MemoryCopy } from './copies.ts';

let blocks: Map<string, Uint8Array>;
let root: string;
let leaves: string[];
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-proof-'));
  const files = Object.fromEntries(
    Array.from({ length: 100 }, (_, i) => [
      `part ${i % 7}/file ${i}.bin`,
      noise(1000 + 200 * (i % 5), i + 1),
    ]),
  );
  writeTree(folder, { ...files, 'large.bin': noise(3_000_000, 77), empty: '' });
  blocks = await blocksOf(folder);
  root = [...blocks.keys()][0] as string;
  leaves = [...blocks]
    .filter(([cid, bytes]) => cid.startsWith('bafkr') && bytes.length > 0)
    .map(([cid]) => cid);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function prove(copy: MemoryCopy, options: Partial<ProveOptions> = {}): Promise<CopyProof> {
  const [proof] = await proveCopies(root, [{ peer: 'p', source: copy }], { seed: 's', ...options });
  return proof as CopyProof;
}

describe('a copy that is whole', () => {
  it('is proved by a draw, which says what it would have found', async () => {
    const copy = new MemoryCopy(blocks);
    const proof = await prove(copy, { blocks: 100 });
    expect(proof).toMatchObject({
      verdict: 'proved',
      draws: 100,
      lostDraws: 0,
      lost: 0,
      seed: 's',
      peer: 'p',
    });
    expect(proof.findsLossOf5).toBe(findChance(100, 0.05));
    expect(proof.why).toBe(`showed ${proof.blocks} blocks`);
    expect(proof.uneven).toBeUndefined();
    // Each block once, however many draws fall into it.
    expect(new Set(copy.asked).size).toBe(copy.asked.length);
    expect(copy.asked[0]).toBe(root);
  });

  it('is proved as a whole: every block but the empty one is asked for, once', async () => {
    const copy = new MemoryCopy(blocks);
    const proof = await prove(copy, { blocks: 'all' });
    expect(proof).toMatchObject({ verdict: 'proved', share: { from: 0, to: 1 }, lost: 0 });
    const filled = [...blocks].filter(([, bytes]) => bytes.length > 0);
    expect(copy.asked.toSorted()).toEqual(filled.map(([cid]) => cid).toSorted());
    expect(proof.bytes).toBe(filled.reduce((sum, [, bytes]) => sum + bytes.length, 0));
  });

  it('is read through in parts that leave nothing out', async () => {
    const asked = new Set<string>();
    const parts = 13;
    let times = 0;
    for (let part = 0; part < parts; part++) {
      const copy = new MemoryCopy(blocks);
      const share = { from: part / parts, to: (part + 1) / parts };
      expect(await prove(copy, { blocks: share })).toMatchObject({ verdict: 'proved', share });
      for (const cid of copy.asked) asked.add(cid);
      times += copy.asked.length;
    }
    expect(asked.size).toBe([...blocks.values()].filter((bytes) => bytes.length > 0).length);
    // Only the nodes on the way are asked for again.
    expect(times).toBeLessThan(1.5 * asked.size);
  });

  it('with a draw of the same seed is asked for the same, with another for other blocks', async () => {
    const asked = async (seed: string) => {
      const copy = new MemoryCopy(blocks);
      await prove(copy, { seed, blocks: 16 });
      return copy.asked.toSorted();
    };
    expect(await asked('s')).toEqual(await asked('s'));
    expect(await asked('s')).not.toEqual(await asked('t'));
  });
});

describe('a copy that is not', () => {
  it('is refuted where a drawn block is missing, or has other bytes, with their CIDs', async () => {
    const copy = new MemoryCopy(blocks);
    const [first, second] = [leaves.at(-1) as string, leaves[0] as string];
    copy.blocks.delete(first);
    copy.blocks.set(second, noise(20, 5));
    const proof = await prove(copy, { blocks: 'all' });
    expect(proof).toMatchObject({ verdict: 'refuted', missing: [first], damaged: [second], lost: 2 });
    expect(proof.why).toBe(`lacks ${first}, and gave other bytes for ${second}`);
  });

  it('is refuted by its root alone, and every draw is lost with it', async () => {
    const copy = new MemoryCopy(new Map());
    expect(await prove(copy)).toMatchObject({
      verdict: 'refuted',
      missing: [root],
      draws: 16,
      lostDraws: 16,
    });
    expect(copy.asked).toEqual([root]);
  });

  it('names a thousand lost blocks and counts the others', async () => {
    const builder = new DagBuilder();
    const entries = Array.from({ length: 1500 }, (_, i) => [`${i}`, builder.raw(`file ${i}`)] as const);
    const top = builder.directory(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
    const copy = new MemoryCopy(new Map([[top, builder.blocks.get(top) as Uint8Array]]));
    const [proof] = await proveCopies(top, [{ peer: 'p', source: copy }], { seed: 's', blocks: 'all' });
    expect(proof?.lost).toBe(1500);
    expect(proof?.missing).toHaveLength(1000);
    expect(proof?.why).toMatch(/and 1499 more$/);
  });

  it('a draw of 100 finds a loss of 5 % in as many of 3,000 seeds as is printed', {
    tags: ['slow'],
  }, async () => {
    // Leaves of one size under one node, so that 5 of 100 are exactly 5 % of all but the node.
    const chunks = Array.from({ length: 100 }, (_, i) => noise(20_000, i + 1));
    const all = await blocksOf(
      tempFolder(Object.fromEntries(chunks.map((bytes, i) => [`${i + 100}`, bytes]))),
    );
    const top = [...all.keys()][0] as string;
    const copy = new MemoryCopy(all);
    for (const cid of [...all.keys()].slice(1, 6)) copy.blocks.delete(cid);
    const total = [...all.values()].reduce((sum, bytes) => sum + bytes.length, 0);
    const share = (5 * 20_000) / total;
    for (const [draws, seeds] of [
      [100, 3000],
      [16, 3000],
    ] as const) {
      let found = 0;
      for (let seed = 0; seed < seeds; seed++) {
        const [proof] = await proveCopies(top, [{ peer: 'p', source: copy }], {
          seed: `${seed}`,
          blocks: draws,
        });
        if (proof?.verdict === 'refuted') found += 1;
      }
      const expected = findChance(draws, share);
      // Five standard deviations of a binomial.
      const tolerance = 5 * Math.sqrt((expected * (1 - expected)) / seeds);
      expect(Math.abs(found / seeds - expected)).toBeLessThan(tolerance);
      if (draws === 100) expect(found / seeds).toBeGreaterThanOrEqual(0.99);
    }
  });
});

describe('what is not known', () => {
  it('is unreachable where it cannot be asked, with the reason', async () => {
    const source = {
      read: () => Promise.reject(new RetrievalError('peer-unreachable', 'could not connect: refused')),
    };
    const [proof] = await proveCopies(root, [{ peer: 'p', name: 'n', region: 'eu', source }], { seed: 's' });
    expect(proof).toMatchObject({
      verdict: 'unreachable',
      why: 'could not connect: refused',
      blocks: 0,
      name: 'n',
      region: 'eu',
    });
  });

  it('is refuted all the same by what was said before the connection broke', async () => {
    const copy = new MemoryCopy(blocks);
    let asked = 0;
    const source = {
      read: async (cid: string, request: { readonly signal: AbortSignal }) => {
        asked += 1;
        if (asked === 3) return { kind: 'missing' } as const;
        if (asked > 6) throw new RetrievalError('peer-unreachable', 'it closed the connection');
        return copy.read(cid, request);
      },
    };
    const [proof] = await proveCopies(root, [{ peer: 'p', source }], { seed: 's', blocks: 100 });
    expect(proof).toMatchObject({ verdict: 'refuted', lost: 1 });
  });

  it('is unreachable when its time is over', async () => {
    const source = {
      read: (_: string, { signal }: { readonly signal: AbortSignal }) =>
        new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    };
    const [proof] = await proveCopies(root, [{ peer: 'p', source }], { seed: 's', deadlineMs: 50 });
    expect(proof).toMatchObject({
      verdict: 'unreachable',
      why: /when its time was over/ as unknown as string,
    });
  });

  it('ends with the reason of whoever stops it', async () => {
    const stop = AbortSignal.abort(new Error('enough'));
    await expect(prove(new MemoryCopy(blocks), { signal: stop })).rejects.toThrow('enough');
  });

  it('is not what a bug is', async () => {
    const source = { read: () => Promise.reject(new TypeError('a bug')) };
    await expect(proveCopies(root, [{ peer: 'p', source }], { seed: 's' })).rejects.toThrow('a bug');
  });
});

describe('a DAG whose sizes do not add up', () => {
  it('is drawn from all the same, and the proof says that it is not uniform', async () => {
    const builder = new DagBuilder();
    const inner = builder.directory([['c', builder.raw(noise(5000, 3))]]);
    const top = builder.directory([
      ['a', builder.raw(noise(9000, 1))],
      ['b', inner],
    ]);
    const copy = new MemoryCopy(builder.blocks);
    const [proof] = await proveCopies(top, [{ peer: 'p', source: copy }], { seed: 's', blocks: 500 });
    expect(proof).toMatchObject({ verdict: 'proved', uneven: true });
    const [whole] = await proveCopies(top, [{ peer: 'p', source: copy }], { seed: 's', blocks: 'all' });
    expect(whole?.blocks).toBe(4);
  });
});

describe('several copies', () => {
  it('are asked side by side, told of as they end, and answered in order', async () => {
    const events: string[] = [];
    const copies = ['a', 'b', 'c'].map((peer) => ({ peer, source: new MemoryCopy(blocks) }));
    copies[1]?.source.blocks.clear();
    const budget = new ReadBudget(1_000_000_000);
    const proofs = await proveCopies(root, copies, {
      seed: 's',
      budget,
      onProgress: (event) =>
        events.push(event.type === 'proof-ended' ? `${event.proof.peer} ${event.proof.verdict}` : event.peer),
    });
    expect(proofs.map(({ verdict }) => verdict)).toEqual(['proved', 'refuted', 'proved']);
    expect(events.toSorted()).toEqual(['a', 'a proved', 'b', 'b refuted', 'c', 'c proved']);
    expect(budget.spent).toBe(proofs.reduce((sum, { bytes }) => sum + bytes, 0));
    // Each peer has a draw of its own.
    expect(copies[0]?.source.asked).not.toEqual(copies[2]?.source.asked);
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses a draw of %d', async (draws) => {
    await expect(prove(new MemoryCopy(blocks), { blocks: draws })).rejects.toThrow(/^blocks expected/);
  });
});
