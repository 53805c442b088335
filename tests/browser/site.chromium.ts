import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { removeFolder, startKubo, type TestKubo, temporaryFolder } from '@holdfast/testkit';
import { source as axe } from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  builtSite,
  datasetOf,
  fileOf,
  hostile,
  sampleValues,
} from '../../packages/site/test/support/sample-values.ts';

const many = Array.from({ length: 5_000 }, (_, index) =>
  fileOf(`data/${String(index).padStart(4, '0')}.csv`),
);
const datasets = [
  hostile,
  datasetOf('many', { files: many, description: ' ' }),
  datasetOf('tides', { title: 'Tide gauges of the North Sea', keywords: ['tides', 'sea level'] }),
  datasetOf('tides', {
    title: 'Tide gauges of the North Sea',
    version: '1.1.0-rc.1+b',
    files: [fileOf('a.csv')],
  }),
  datasetOf('gone', { withdrawn: { reason: 'It contains personal data.' } }),
  ...Array.from({ length: 12 }, (_, index) => datasetOf(`station-${index}`)),
];
const pages = [
  'index.html',
  'incidents.html',
  'datasets/index.html',
  'datasets/tides/index.html',
  'datasets/tides/1.1.0-rc.1+b/index.html',
  'datasets/hostile/1.0.0/index.html',
  'datasets/many/1.0.0/index.html',
  'datasets/gone/1.0.0/index.html',
];

let folder: string;
let browser: Browser;
let kubo: TestKubo;
let server: ReturnType<typeof createServer>;
/** The same site in four places: how it is reached, by what it is called. */
const bases: Record<string, string> = {};

beforeAll(async () => {
  folder = temporaryFolder();
  const values = await sampleValues(datasets, {
    repository: 'https://github.com/acme/data',
    notes: [{ from: 1.79e12, until: 1.8e12, title: 'New disks in Oslo', text: 'Slower than usual.' }],
    endings: [
      {
        kind: 'dataset',
        id: 'tides@1.0.0',
        endsAt: 1.797e12,
        what: 'tides@1.0.0: its pins end',
        todo: 'holdfast revise',
        signers: [],
      },
    ],
  });
  const files = Object.fromEntries(await builtSite(values));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  kubo = await startKubo();
  const cid = await kubo.addContent(files);
  const types: Record<string, string> = {
    '.html': 'text/html',
    '.css': 'text/css',
    '.js': 'text/javascript',
    '.svg': 'image/svg+xml',
  };
  server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '').replace(/^\/(a\/b\/)?/, '');
    const text = files[path];
    if (text === undefined) return void response.writeHead(404).end();
    response.setHeader('content-type', types[extname(path)] ?? 'text/plain').end(text);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  bases['a server'] = `${origin}/`;
  bases['a subfolder'] = `${origin}/a/b/`;
  bases['a disk'] = `${pathToFileURL(folder).href}/`;
  bases['a gateway of IPFS'] = `${kubo.nodes[0].gateway}/ipfs/${cid}/`;
  const executablePath = execFileSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).trim();
  const args = [
    '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
    '--disable-background-networking',
  ];
  browser = await chromium.launch({ executablePath, args, chromiumSandbox: false });
});
afterAll(async () => {
  await browser?.close();
  server?.close();
  await kubo?.close();
  removeFolder(folder);
});

interface Opened {
  readonly page: Page;
  readonly asked: string[];
  readonly faults: string[];
}

async function opened<T>(
  url: string,
  use: (opened: Opened) => Promise<T>,
  options: BrowserContextOptions = {},
): Promise<T> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const [asked, faults]: [string[], string[]] = [[], []];
  page.on('request', (request) => asked.push(request.url()));
  page.on('requestfailed', (request) => faults.push(`${request.url()} failed`));
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('dialog', (dialog) => faults.push(`dialog: ${dialog.message()}`));
  try {
    await page.goto(url);
    return await use({ page, asked, faults });
  } finally {
    await context.close();
  }
}

const places = ['a server', 'a subfolder', 'a disk', 'a gateway of IPFS'];

describe.each(places)('on %s', (place) => {
  it.each(pages)('%s asks for its own files only', async (path) => {
    const base = bases[place] ?? '';
    await opened(base + path, async ({ page, asked, faults }) => {
      expect(faults).toEqual([]);
      expect(asked.filter((url) => !url.startsWith(base))).toEqual([]);
      // The style sheet is really in force, and so is the script.
      expect(await page.evaluate('getComputedStyle(document.body).display')).toBe('flex');
      if (path === 'index.html') expect(await page.locator('.filter').isVisible()).toBe(true);
    });
  });

  it('is walked through by its links', async () => {
    await opened(`${bases[place]}index.html`, async ({ page, faults }) => {
      await page.locator('header nav').getByText('Datasets').click();
      await page.getByRole('link', { name: 'Tide gauges of the North Sea' }).click();
      await page.locator('.versions').getByRole('link', { name: '1.1.0-rc.1+b' }).click();
      expect(await page.locator('h1').textContent()).toContain('1.1.0-rc.1+b');
      await page.locator('.brand').click();
      expect(page.url()).toBe(`${bases[place]}index.html`);
      expect(faults).toEqual([]);
    });
  });
});

describe.each([
  ['a phone', 360],
  ['a tablet', 800],
  ['a desk', 1280],
])('on %s', (_, width) => {
  it.each(['light', 'dark'] as const)('axe finds nothing in %s, and nothing is cut', async (colorScheme) => {
    for (const path of pages) {
      await opened(
        `${bases['a server']}${path}`,
        async ({ page }) => {
          await page.evaluate(axe);
          const violations = await page.evaluate(
            'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes[0].html, nodes[0].failureSummary]))',
          );
          expect(violations, path).toEqual([]);
          // Nothing is wider than the screen.
          expect(await page.evaluate('document.documentElement.scrollWidth'), path).toBeLessThanOrEqual(
            width,
          );
        },
        { colorScheme, viewport: { width, height: 900 } },
      );
    }
  });
});

it('has everything without scripts', async () => {
  await opened(
    `${bases['a server']}index.html`,
    async ({ page }) => {
      expect(await page.locator('#dataset-rows .row').count()).toBe(16);
      expect(await page.locator('.filter').isVisible()).toBe(false);
      expect(await page.locator('.verdict h1').textContent()).toBe('All 16 datasets have their copies');
    },
    { javaScriptEnabled: false },
  );
});

it('filters, says how many are left, and takes it back', async () => {
  await opened(`${bases['a server']}index.html`, async ({ page }) => {
    const rows = page.locator('#dataset-rows .row:visible');
    await page.getByLabel('Filter datasets').fill('station 1');
    expect(await rows.count()).toBe(12);
    await page.getByLabel('Filter datasets').fill('station-11');
    expect(await rows.count()).toBe(1);
    expect(await page.locator('.filter output').textContent()).toBe('1 of 16');
    await page.getByLabel('Filter datasets').fill('');
    expect(await rows.count()).toBe(16);
  });
});

it('calls itself stale once it is, in large letters, wherever it is kept', async () => {
  await opened('about:blank', async ({ page }) => {
    await page.clock.setFixedTime(new Date('2026-11-27T12:20:00Z'));
    await page.goto(`${bases['a disk']}index.html`);
    expect(await page.locator('.stale').isVisible()).toBe(false);
    expect(await page.locator('.verdict').textContent()).toContain('(20 minutes ago)');
    await page.clock.setFixedTime(new Date('2026-11-29T12:20:00Z'));
    await page.reload();
    expect(await page.locator('.stale').isVisible()).toBe(true);
    expect(
      await page.evaluate("parseFloat(getComputedStyle(document.querySelector('.stale')).fontSize)"),
    ).toBeGreaterThan(20);
  });
});

it('is used with the keyboard alone', async () => {
  await opened(`${bases['a server']}index.html`, async ({ page }) => {
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('To the content');
    await page.keyboard.press('Enter');
    expect(page.url()).toContain('#main');
    await page.keyboard.press('Tab');
    expect(await page.evaluate("document.activeElement.closest('main') !== null")).toBe(true);
  });
});
