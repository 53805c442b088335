import { describe, expect, it } from 'vitest';
import { DagBuilder } from '../../../content/test/support/dag.ts';
import { gatewayCopy, proveCopies } from '../../src/proof.ts';
import { type Answer, startGateway } from '../support/gateway.ts';

const dag = new DagBuilder();
const leaf = dag.raw('the content');

async function proofThrough(answer?: Answer, blocks: ReadonlyMap<string, Uint8Array> = dag.blocks) {
  const gateway = await startGateway(blocks);
  gateway.answer = answer;
  const copies = [{ peer: 'p', source: gatewayCopy(gateway.url) }];
  const [proof] = await proveCopies(leaf, copies, { seed: 's', deadlineMs: 2000 });
  return { proof, gateway };
}

describe('a copy behind a gateway', () => {
  it('is asked for what the node has, raw, without a search', async () => {
    const { proof, gateway } = await proofThrough();
    expect(proof).toMatchObject({ verdict: 'proved', blocks: 1 });
    expect(gateway.requests).toEqual([`GET /ipfs/${leaf}?format=raw`]);
    expect(gateway.headers[0]).toMatchObject({
      accept: 'application/vnd.ipld.raw',
      'cache-control': 'only-if-cached',
    });
  });

  it.each<[string, string, Answer | undefined]>([
    ['refuted', 'not found', (_, response) => Boolean(response.writeHead(404).end())],
    ['refuted', 'not in the cache', (_, response) => Boolean(response.writeHead(412).end())],
    [
      'refuted',
      'other bytes',
      (_, response) =>
        Boolean(response.writeHead(200, { 'content-type': 'application/vnd.ipld.raw' }).end('lies')),
    ],
    ['unreachable', 'an error', (_, response) => Boolean(response.writeHead(500).end('broken'))],
    ['unreachable', 'a refusal', (_, response) => Boolean(response.writeHead(403).end())],
    [
      'unreachable',
      'a web page',
      (_, response) => Boolean(response.writeHead(200, { 'content-type': 'text/html' }).end('<p>')),
    ],
    [
      'unreachable',
      'an answer that is too large',
      (_, response) =>
        Boolean(
          response
            .writeHead(200, { 'content-type': 'application/vnd.ipld.raw' })
            .end(new Uint8Array(5 << 20)),
        ),
    ],
    ['unreachable', 'no answer', () => true],
  ])('is %s by %s', async (verdict, _, answer) => {
    const { proof } = await proofThrough(answer);
    expect(proof?.verdict).toBe(verdict);
  });
});
