import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rawCid } from '@holdfast/content/internal';
import { sha256 } from '@holdfast/manifest/sha256';
import { copiesFor, LocalTarget, pin } from '@holdfast/pinning';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ProverOptions, TargetProver } from '../src/proof.ts';

const owner = 'github.com/example/data';

/** Datasets of one block of 100,000 bytes each, on folders of this machine. */
async function setting(count: number, folders = 2) {
  const base = mkdtempSync(join(tmpdir(), 'holdfast-prover-'));
  onTestFinished(() => rmSync(base, { recursive: true, force: true }));
  const target = new LocalTarget({ folder: Array.from({ length: folders }, (_, i) => join(base, `${i}`)) });
  const blocks = Array.from({ length: count }, (_, i) => {
    const bytes = new Uint8Array(100_000).fill(i % 256);
    bytes[0] = i >> 8;
    return { cid: rawCid(Buffer.from(sha256(bytes)).toString('hex')), bytes };
  });
  await target.putBlocks(blocks);
  const copies = { ...copiesFor('standard'), min: folders, max: folders };
  const requests = blocks.map(({ cid }, i) => ({ cid, id: `d${i}@1.0.0`, owner, name: `d${i}`, copies }));
  expect((await pin(requests, target, { owner })).outcome).toBe('satisfied');
  const prover = (options: Partial<ProverOptions> = {}) =>
    new TargetProver(target, { seed: 's', ...options });
  return { target, cids: blocks.map(({ cid }) => cid), prover };
}

describe('a prover of a target', () => {
  it('reads no more than its budget, and says what it left', async () => {
    const { cids, prover } = await setting(40);
    const some = prover({ maxBytes: 1_000_000, datasetsAtOnce: 1, spread: false });
    const { proofs, left } = await some.prove(cids);
    expect(proofs.every(({ verdict }) => verdict === 'proved')).toBe(true);
    // Five datasets of two copies are a million bytes.
    expect([proofs.length, left.length]).toEqual([10, 35]);
    expect((await some.prove(cids)).left).toHaveLength(40);
    const more = prover({ maxBytes: 1_000_000, datasetsAtOnce: 1, spread: false, seed: 'another' });
    expect((await more.prove(cids)).left.toSorted()).not.toEqual(left.toSorted());
  });

  it('ends in time', async () => {
    const { cids, prover } = await setting(4);
    let now = 0;
    const clock = { now: () => (now += 1000), sleep: async () => new Promise<never>(() => {}) };
    const { proofs, left } = await prover({ clock, deadlineMs: 1, spread: false }).prove(cids);
    expect([proofs, left.toSorted()]).toEqual([[], cids.toSorted()]);
  });

  it('asks the peers that are named alone', async () => {
    const { cids, prover } = await setting(3);
    const { proofs } = await prover({ peers: ['1'], spread: false }).prove(cids);
    expect(proofs.map(({ name }) => name)).toEqual(['1', '1', '1']);
    expect((await prover({ peers: ['nobody'] }).prove(cids)).proofs).toEqual([]);
  });

  it('tells how far it is', async () => {
    const { cids, prover } = await setting(5);
    const seen: string[] = [];
    await prover({ onProgress: ({ done, total }) => seen.push(`${done}/${total}`) }).prove(cids);
    expect(seen).toEqual(['1/5', '2/5', '3/5', '4/5', '5/5']);
  });

  it('reads the due part of those whose day it is', async () => {
    const { cids, prover } = await setting(30);
    const { proofs } = await prover().prove(cids);
    const parts = proofs.filter(({ share }) => share !== undefined);
    expect(parts.length).toBeGreaterThan(0);
    expect(parts.length).toBeLessThan(30);
    expect(proofs.filter(({ draws }) => draws === 16)).toHaveLength(60);
  });

  it('says of a target whose nodes nobody can dial that they are not known', async () => {
    const { cids, target } = await setting(1);
    const service = {
      label: 'service',
      inspect: () => target.inspect(),
      observe: target.observe.bind(target),
      pin: target.pin.bind(target),
      unpin: target.unpin.bind(target),
      recover: target.recover.bind(target),
    };
    const prover = new TargetProver(service, { seed: 's', spread: false });
    const { proofs } = await prover.prove(cids);
    expect(proofs.map(({ verdict, why }) => `${verdict}: ${why}`)).toEqual(
      new Array(2).fill('unreachable: the target does not say how its node is reached'),
    );
    await prover.close();
  });
});
