import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  gatewayFaults,
  removeFolder,
  startFaultProxy,
  startKubo,
  type TestKubo,
  temporaryFolder,
} from '@holdfast/testkit';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';

const example = (name: string) =>
  fileURLToPath(new URL(`../../examples/verify-page/${name}`, import.meta.url));
const lines = Array.from({ length: 60_000 }, (_, i) => `${i},${(i * 7919) % 10_007}`).join('\n');

let kubo: TestKubo;
let cid: string;
let page: { readonly url: string; close(): void };

beforeAll(async () => {
  kubo = await startKubo();
  cid = await kubo.addContent(lines);
  const { outputFiles } = await build({
    entryPoints: [example('verify-page.mjs')],
    bundle: true,
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
    conditions: ['@holdfast/source'],
    write: false,
  });
  const files: Record<string, readonly [type: string, body: string]> = {
    '/': ['text/html', readFileSync(example('index.html'), 'utf8')],
    '/verify-page.js': ['text/javascript', outputFiles[0]?.text ?? ''],
  };
  const server = createServer(({ url = '' }, response) => {
    const [type, body] = files[url.split('?')[0] ?? ''] ?? [];
    if (type === undefined) return void response.writeHead(404).end();
    response.setHeader('content-type', type).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  page = {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}/`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}, 120_000);

afterAll(async () => {
  page?.close();
  await kubo?.close();
});

/** The page once its script is done: on a busy machine Chromium's own clock may run out before. */
async function shown(gateways: readonly string[]): Promise<string> {
  for (let look = 1; ; look++) {
    const html = await dumped(gateways, look * 15_000);
    if (!html.includes('reading …') || look === 5) return html;
  }
}

/** The page as Chromium shows it by then. Nothing but loopback can be reached. */
async function dumped(gateways: readonly string[], budgetMs: number): Promise<string> {
  const query = new URLSearchParams([['cid', cid], ...gateways.map((url) => ['gateway', url])]);
  const profile = temporaryFolder();
  const { stdout } = await promisify(execFile)(
    'chromium',
    [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--no-first-run',
      '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
      `--user-data-dir=${profile}`,
      `--virtual-time-budget=${budgetMs}`,
      '--dump-dom',
      `${page.url}?${query}`,
    ],
    { timeout: 60_000, killSignal: 'SIGKILL', maxBuffer: 1 << 24 },
  );
  removeFolder(profile);
  return stdout;
}

it('a page verifies a file from a gateway that lies and one that does not', {
  timeout: 300_000,
}, async () => {
  const lying = await startFaultProxy(kubo.nodes[0].gateway);
  lying.inject(gatewayFaults.lies);
  const html = await shown([lying.url, kubo.nodes[0].gateway]);
  await lying.close();
  expect(html).toContain(`${lines.length} bytes`);
  expect(html).toContain('0,0\n1,7919\n');
  expect(html).toContain(lines.slice(-20));
  expect(html).toMatch(new RegExp(`${kubo.nodes[0].gateway}: [1-9]\\d* blocks`));
});

it('and shows none of what only a liar gives', { timeout: 300_000 }, async () => {
  const lying = await startFaultProxy(kubo.nodes[0].gateway);
  lying.inject(gatewayFaults.lies);
  const html = await shown([lying.url]);
  await lying.close();
  expect(html).toContain('not verified: no source gave block');
  expect(html).toContain('sent other bytes than the CID names');
  expect(html).not.toContain('1,7919');
});
