import { readFileSync } from 'node:fs';
import { keepHeapSmall } from '@holdfast/retrieval/node';
import { createBitswap, proveCopies } from '@holdfast/retrieval/proof';

const { nodes, cids, seed } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
// As the command line and the action do.
keepHeapSmall();
const bitswap = createBitswap();
const copies = nodes.map(({ id, address }) => ({
  peer: id,
  source: bitswap.peer({ id, addresses: [address] }),
}));
let next = 0;
let blocks = 0;
let bytes = 0;
const worker = async () => {
  while (next < cids.length) {
    const proofs = await proveCopies(cids[next++], copies, { seed, blocks: 16 });
    for (const proof of proofs) {
      if (proof.verdict !== 'proved') throw new Error(`${proof.cid} ${proof.verdict}: ${proof.why}`);
      blocks += proof.blocks;
      bytes += proof.bytes;
    }
  }
};
await Promise.all(Array.from({ length: 8 }, worker));
await bitswap.stop();
console.log(JSON.stringify({ blocks, bytes }));
