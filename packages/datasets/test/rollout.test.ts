import { LocalTarget, type OpenPhase } from '@holdfast/pinning';
import { describe, expect, it } from 'vitest';
import { DagBuilder } from '../../content/test/support/dag.ts';
import { type Answer, startGateway } from '../../retrieval/test/support/gateway.ts';
import { type PhaseVerifierOptions, phaseVerifier } from '../src/rollout/phase-verifier.ts';
import { rolloutMermaid } from '../src/rollout/rollout-picture.ts';

const dag = new DagBuilder();
const root = dag.raw('the content');
const target = new LocalTarget({ folder: 'nowhere' });
const phase: OpenPhase = { name: 'eu', target, peers: [{ id: 'eu/1', place: 'eu', up: true }] };
const lies: Answer = (_, response) =>
  Boolean(response.writeHead(200, { 'content-type': 'application/vnd.ipld.raw' }).end('lies'));

async function checksOf(options: Partial<PhaseVerifierOptions>) {
  const verify = phaseVerifier({ prove: 'off', seed: 'x', ...options });
  return (await verify(phase, [root], { signal: AbortSignal.timeout(60_000) })).get(root);
}

describe('what is looked at after a phase', () => {
  it('is served by the gateways of the places whose turn it is, and by those for all, as readers ask', async () => {
    const [eu, us, all] = await Promise.all([0, 1, 2].map(() => startGateway(dag.blocks)));
    const gateways = [
      { url: eu?.url ?? '', place: 'eu' },
      { url: us?.url ?? '', place: 'us' },
      { url: all?.url ?? '' },
    ];
    expect(await checksOf({ gateways, p95Ms: 60_000 })).toEqual([
      {
        check: 'gateways',
        ok: true,
        text: expect.stringMatching(/^the same root and 2 blocks through 127\S+, 127\S+, 95 of/),
      },
      { check: 'speed', ok: true, text: expect.stringMatching(/^95 of 100 blocks within \d+ ms$/) },
    ]);
    expect([eu, us, all].map((each) => each?.requests.length)).toEqual([1, 0, 1]);
    expect(eu?.headers[0]).not.toHaveProperty('cache-control');
    expect(await checksOf({ gateways: gateways.slice(1, 2) })).toEqual([]);
  });

  it('fails at once for other bytes, and after a while for what is not there', async () => {
    const gateway = await startGateway(dag.blocks);
    const gateways = [{ url: gateway.url }];
    gateway.answer = lies;
    expect(await checksOf({ gateways })).toEqual([
      { check: 'gateways', ok: false, text: expect.stringContaining('gave other bytes for') },
    ]);
    expect(gateway.requests).toHaveLength(1);
    let answers = 0;
    gateway.answer = (_, response) => {
      answers += 1;
      return answers < 3 && Boolean(response.writeHead(404).end());
    };
    const served = await checksOf({ gateways, settleMs: 30_000 });
    expect(served).toMatchObject([{ ok: true }]);
    expect(answers).toBe(3);
    answers = Number.NEGATIVE_INFINITY;
    expect(await checksOf({ gateways, settleMs: 0 })).toMatchObject([
      { ok: false, text: expect.stringContaining('lacks') },
    ]);
  });

  it('is drawn as a picture in which no name is markup', () => {
    const phases = [
      { phase: 'canary', places: ['lab'], state: 'done', passed: 2, failed: 0 },
      { phase: '"]:::x<script>', places: ['eu`', 'us'], state: 'rolled-back', passed: 1, failed: 1 },
      { phase: 'rest', places: [], state: 'waiting' },
    ] as const;
    const chart = rolloutMermaid(phases, false);
    expect(chart).toContain('p0["<b>canary</b><br>lab<br>2 through"]:::done');
    expect(chart).toContain('p1["<b>:::xscript</b><br>eu, us<br>1 through, 1 taken back"]:::bad');
    expect(chart).toContain('p2["<b>rest</b><br>"]:::open');
    expect(chart).toContain('  p0 --> p1 --> p2 --> name');
    expect(chart).not.toMatch(/<script|`/);
  });
});
