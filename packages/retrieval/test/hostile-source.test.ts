import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { fetchVerified, readVerified } from '@holdfast/content';
import { fetchTransport } from '@holdfast/http';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { carHeader, frameHead } from '../../content/src/car/car-frame.ts';
import { binaryCid, DagBuilder } from '../../content/test/support/dag.ts';
import { noise, tempFolder } from '../../content/test/support/temp-folder.ts';
import { PoolEntry } from '../src/gateways/pool-entry.ts';
import { createGateways, type GatewayOptions, RetrievalError, type Source } from '../src/index.ts';
import { type Answer, type Gateway, noWait, startGateway } from './support/gateway.ts';

const dag = new DagBuilder();
const leaf = dag.raw('the content');
const chunks = [noise(1000, 1), noise(1000, 2), noise(500, 3)].map((bytes) => dag.raw(bytes));
const file = dag.file(chunks.map((cid, i) => [cid, i === 2 ? 500n : 1000n] as const));

const raw = { 'content-type': 'application/vnd.ipld.raw' };

describe('a source that lies', () => {
  it.each<[string, Answer, RegExp]>([
    [
      'sends other bytes',
      (_, response) => sent(response.writeHead(200, raw).end('lies')),
      /other bytes than the CID names/,
    ],
    [
      'sends a web page',
      (_, response) => sent(response.writeHead(200, { 'content-type': 'text/html' }).end('<p>')),
      /web page/,
    ],
    ['sends nothing', (_, response) => sent(response.writeHead(200, raw).end()), /other bytes/],
    ['sends part of a range', (_, response) => sent(response.writeHead(206, raw).end('the')), /answered 206/],
    ['has no content', (_, response) => sent(response.writeHead(204).end()), /answered 204/],
    ['refuses', (_, response) => sent(response.writeHead(403).end('no')), /answered 403/],
    [
      'redirects to another port',
      (_, response) => sent(response.writeHead(302, { location: 'http://127.0.0.1:9/x' }).end()),
      /another place, 127.0.0.1:9/,
    ],
    [
      'redirects to another host',
      (_, response) => sent(response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end()),
      /another place/,
    ],
    [
      'redirects to a file',
      (_, response) => sent(response.writeHead(302, { location: 'file:///etc/passwd' }).end()),
      /another place/,
    ],
    ['redirects nowhere', (_, response) => sent(response.writeHead(302).end()), /without an address/],
    [
      'redirects for ever',
      (request, response) => sent(response.writeHead(302, { location: `${request.url}x` }).end()),
      /more than 3 times/,
    ],
  ])('is out after one request where it %s', async (_, answer, message) => {
    const liar = await startGateway(dag.blocks);
    liar.answer = answer;
    const { clock, waits } = noWait();
    const error = await read(leaf, [source(liar)], { clock }).catch((each: unknown) => each);
    expect(error).toMatchObject({
      code: 'sources-exhausted',
      subject: leaf,
      message: expect.stringMatching(message),
    });
    expect(waits).toEqual([]);
    const honest = await startGateway(dag.blocks);
    liar.requests.length = 0;
    const pool = createGateways([source(liar), source(honest)], { clock });
    // Whoever is faster is believed first: here the lie is always told before the truth.
    honest.answer = async () => {
      await expect.poll(() => pool.report()[0]?.state, { interval: 1, timeout: 60_000 }).toBe('excluded');
      return false;
    };
    expect(Buffer.concat(await collect(readVerified(file, pool))).length).toBe(2500);
    expect(liar.requests.filter((request) => !request.endsWith('x')).length).toBe(1);
  });

  it('is not believed later, though nobody else has the rest', async () => {
    const liar = await startGateway(dag.blocks);
    let lies = 1;
    liar.answer = (_, response) => lies-- > 0 && sent(response.writeHead(200, raw).end('lies'));
    const poor = await startGateway(new Map([[file, dag.blocks.get(file) as Uint8Array]]));
    const pool = createGateways([source(liar), source(poor)], noWait());
    poor.answer = async () => {
      await expect.poll(() => pool.report()[0]?.state, { interval: 1, timeout: 60_000 }).toBe('excluded');
      return false;
    };
    await expect(collect(readVerified(file, pool))).rejects.toMatchObject({
      code: 'sources-exhausted',
    });
    expect(liar.requests).toHaveLength(1);
  });

  it('stops an endless body at the limit of a block', async () => {
    const liar = await startGateway(dag.blocks);
    let sentBytes = 0;
    liar.answer = (_, response) => {
      response.writeHead(200, raw);
      const pour = (): void => {
        while (!response.destroyed && response.write(noise(65_536))) sentBytes += 65_536;
      };
      response.on('drain', pour);
      pour();
      return true;
    };
    await expect(read(leaf, [source(liar)])).rejects.toThrow(/more than 2097152 bytes for one block/);
    expect(sentBytes).toBeLessThan(32 * 1024 * 1024);
  });

  it('stops a body that unpacks to more than a block', async () => {
    const liar = await startGateway(dag.blocks);
    const bomb = gzipSync(new Uint8Array(50_000_000));
    liar.answer = (_, response) =>
      sent(response.writeHead(200, { ...raw, 'content-encoding': 'gzip' }).end(bomb));
    await expect(read(leaf, [source(liar)])).rejects.toThrow(/more than 2097152 bytes/);
  });

  it('is given up where it never answers, or stops in the middle', { tags: ['slow'] }, async () => {
    const honest = await startGateway(dag.blocks);
    for (const answer of [
      () => true,
      (_, response) => Boolean(response.writeHead(200, raw).write('the')),
    ] as Answer[]) {
      const slow = await startGateway(dag.blocks);
      slow.answer = answer;
      const { clock } = noWait();
      const options = { clock, idleMs: 100, attempts: 2 };
      await expect(read(leaf, [source(slow)], options)).rejects.toThrow(/got 0.1 s of silence/);
      expect(slow.requests).toHaveLength(2);
      expect(String(await read(leaf, [source(slow), source(honest)], options))).toBe('the content');
    }
  });
});

describe('a source with passing faults', () => {
  it('is asked again, after as long as it says', async () => {
    const gateway = await startGateway(dag.blocks);
    const answers: Answer[] = [
      (_, response) => sent(response.writeHead(503, { 'retry-after': '7' }).end()),
      (_, response) => sent(response.destroy()),
    ];
    gateway.answer = (...args) => answers.shift()?.(...args) ?? false;
    const { clock, waits } = noWait();
    expect(String(await read(leaf, [source(gateway)], { clock }))).toBe('the content');
    expect(waits).toEqual([7000, 1000]);
  });

  it('is waited for no longer than the signal lets', async () => {
    const gateway = await startGateway(dag.blocks);
    gateway.answer = (_, response) => sent(response.writeHead(429, { 'retry-after': '50' }).end());
    const controller = new AbortController();
    const reading = read(leaf, [source(gateway)], { signal: controller.signal });
    setTimeout(() => controller.abort(new Error('enough')), 300);
    await expect(reading).rejects.toThrow('enough');
  });

  it('is not asked again for what it does not have, and comes after the others', async () => {
    const empty = await startGateway(new Map());
    const honest = await startGateway(dag.blocks);
    const { clock, waits } = noWait();
    // On a busy machine the honest one can be slow, and then another is rightly asked beside it.
    const patience = vi.spyOn(PoolEntry.prototype, 'patienceMs').mockReturnValue(240_000);
    onTestFinished(() => patience.mockRestore());
    const pool = createGateways([source(empty), source(honest)], { clock });
    honest.answer = async () => {
      await expect.poll(() => pool.report()[0]?.state, { interval: 1, timeout: 60_000 }).toBe('lacking');
      return false;
    };
    await collect(readVerified(file, pool));
    expect(empty.requests).toHaveLength(1);
    await expect(read(leaf, [source(empty)], { clock })).rejects.toThrow(/answered 404/);
    expect(waits).toEqual([]);
  });

  it('is named with its fault where no source gave the block', async () => {
    const empty = await startGateway(new Map());
    const error = await read(
      leaf,
      [source(empty), { kind: 'kubo', url: 'http://127.0.0.1:9' }],
      noWait(),
    ).catch((each: unknown) => each);
    expect((error as Error).message).toMatch(/answered 404.*; .*127\.0\.0\.1:9/);
  });
});

describe('secrets', () => {
  it('go to the source they belong to, in a header', async () => {
    const kubo = await startGateway(dag.blocks);
    await read(leaf, [{ kind: 'kubo', url: kubo.url, auth: { bearer: 'sesame' } }]);
    await read(leaf, [{ kind: 'kubo', url: kubo.url, auth: { basic: { user: 'al', password: 'pä:ss' } } }]);
    await read(leaf, [{ kind: 'kubo', url: kubo.url.replace('//', '//al:p%C3%A4:ss@') }]);
    const basic = `Basic ${Buffer.from('al:pä:ss').toString('base64')}`;
    expect(kubo.headers.map(({ authorization }) => authorization)).toEqual(['Bearer sesame', basic, basic]);
    expect(kubo.requests.join()).not.toMatch(/sesame|al:/);
  });

  it('are in no message', async () => {
    const refusing = await startGateway(new Map());
    refusing.answer = (_, response) => sent(response.writeHead(401).end());
    const sources: Source[] = [
      { kind: 'kubo', url: refusing.url, auth: { bearer: 'sesame' } },
      { kind: 'gateway', url: refusing.url.replace('//', '//al:sesame@') },
      { kind: 'gateway', url: 'ftp://al:sesame@127.0.0.1' },
      { kind: 'gateway', url: '//al:sesame@nowhere' },
      { kind: 'gateway', url: refusing.url.replace('//', '//al:sesame%zz@') },
      { kind: 'kubo', url: refusing.url, auth: { bearer: 'sesame\n' } },
    ];
    for (const each of sources) {
      const error = (await read(leaf, [each]).catch((caught: unknown) => caught)) as Error;
      expect(error).toBeInstanceOf(RetrievalError);
      expect(`${error.message} ${error.stack} ${JSON.stringify(error)} ${error.cause}`).not.toContain(
        'sesame',
      );
    }
  });

  it('do not go along with a redirect to a sub-domain', async () => {
    const seen: (string | undefined)[] = [];
    const fetch = (async (url: URL, init: { headers: Record<string, string> }) => {
      seen.push(`${url.host} ${init.headers.authorization}`);
      const location = `https://${leaf}.ipfs.gateway.example/?format=raw`;
      if (url.host === 'gateway.example') return new Response(null, { status: 301, headers: { location } });
      return new Response(dag.blocks.get(leaf) as Uint8Array<ArrayBuffer>, { headers: raw });
    }) as unknown as typeof globalThis.fetch;
    const sources: Source[] = [
      { kind: 'gateway', url: 'https://gateway.example', auth: { bearer: 'sesame' } },
    ];
    expect(
      String(await read(leaf, sources, { transport: fetchTransport({ fetch, redirects: 'same-site' }) })),
    ).toBe('the content');
    expect(seen).toEqual(['gateway.example Bearer sesame', `${leaf}.ipfs.gateway.example undefined`]);
  });
});

describe('a CAR that lies', () => {
  const stray = dag.raw('stray');
  it.each<[string, () => Uint8Array]>([
    ['has blocks that nothing refers to', () => car(file, [file, stray, ...chunks])],
    ['has the blocks in another order', () => car(file, [file, chunks[1] as string, chunks[0] as string])],
    ['begins with another block', () => car(file, [stray])],
    [
      'has a block with wrong bytes',
      () => Buffer.concat([car(file, [file]), frame(chunks[0] as string, noise(1000, 9))]),
    ],
    ['ends early', () => car(file, [file, chunks[0] as string])],
    ['ends in a block', () => car(file, [file, ...chunks]).subarray(0, -10)],
    [
      'declares a block of 30 GiB',
      () => Buffer.concat([car(file, [file]), Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x7f)]),
    ],
    ['is a web page', () => Buffer.from('<!doctype html>'.repeat(99))],
    ['is empty', () => new Uint8Array()],
  ])('is left where it %s, and the rest comes from the others', async (_, body) => {
    const liar = await startGateway(dag.blocks);
    liar.answer = (request, response) =>
      request.url?.includes('format=car') === true && sent(response.writeHead(200).end(body()));
    const honest = await startGateway(dag.blocks);
    const sources: Source[] = [{ ...source(liar), format: 'car' }, source(honest)];
    expect((await read(file, sources, noWait())).length).toBe(2500);
    const to = tempFolder();
    await fetchVerified(dag.directory([['f', file]]), createGateways(sources, noWait()), { to });
    expect(readdirSync(to)).toEqual(['f']);
  });
});

it('does not believe the blocks of a source whose CAR lied', async () => {
  const liar = await startGateway(dag.blocks);
  liar.answer = (request, response) =>
    request.url?.includes('format=car') === true && sent(response.writeHead(200).end(car(file, [leaf])));
  const sources: Source[] = [{ ...source(liar), format: 'car' }];
  await expect(read(file, sources, noWait())).rejects.toMatchObject({ code: 'sources-exhausted' });
});

it('does not follow a redirect into the machine it runs on', async () => {
  let reached = 0;
  const inside = createServer((_, response) => {
    reached += 1;
    response.end(dag.blocks.get(leaf));
  });
  await new Promise<void>((resolve) => inside.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void inside.close());
  const liar = await startGateway(dag.blocks);
  const location = `http://127.0.0.1:${(inside.address() as AddressInfo).port}/api/v0/config/show`;
  liar.answer = (_, response) => sent(response.writeHead(307, { location }).end());
  const to = join(tempFolder(), 'f');
  await expect(fetchVerified(leaf, createGateways([source(liar)]), { to })).rejects.toMatchObject({
    code: 'sources-exhausted',
  });
  expect(reached).toBe(0);
  expect(existsSync(to)).toBe(false);
});

function source(gateway: Gateway): Source {
  return { kind: 'gateway', url: gateway.url };
}

async function read(
  cid: string,
  sources: readonly Source[],
  { signal, ...options }: GatewayOptions & { readonly signal?: AbortSignal } = {},
): Promise<Buffer> {
  return Buffer.concat(await collect(readVerified(cid, createGateways(sources, options), { signal })));
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const parts: Uint8Array[] = [];
  for await (const part of chunks) parts.push(part);
  return parts;
}

function sent(_: unknown): true {
  return true;
}

function frame(cid: string, bytes: Uint8Array): Uint8Array {
  return Buffer.concat([frameHead(binaryCid(cid), bytes.length), bytes]);
}

function car(root: string, cids: readonly string[]): Uint8Array {
  return Buffer.concat([
    carHeader(binaryCid(root)),
    ...cids.map((cid) => frame(cid, dag.blocks.get(cid) as Uint8Array)),
  ]);
}
