import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtSite, datasetOf, fileOf, hostile, sampleValues, to } from './support/sample-values.ts';

const pagesOf = (files: ReadonlyMap<string, string>) => [...files].filter(([path]) => path.endsWith('.html'));
const headline = (files: ReadonlyMap<string, string>) =>
  /<h1>(.*?)<\/h1>/.exec(files.get('index.html') ?? '')?.[1];
const tides = datasetOf('tides');
const day = 86_400_000;

describe('a site', () => {
  it('is the same for the same values', async () => {
    const values = await sampleValues([tides, hostile, datasetOf('winds')]);
    expect(await builtSite(values)).toEqual(
      await builtSite({ ...values, datasets: [...values.datasets].reverse() }),
    );
  });

  it('has no link that leads nowhere, and asks nobody', async () => {
    const values = await sampleValues([tides, hostile, datasetOf('tides', { version: '1.1.0-rc.1+b' })], {
      address: 'https://data.example.org/sets/',
      repository: 'https://github.com/acme/data',
    });
    const files = await builtSite(values);
    let links = 0;
    for (const [path, text] of pagesOf(files)) {
      for (const [, name = '', link = ''] of text.matchAll(/\b(href|src)="([^"]*)"/g)) {
        if (/^(https:|magnet:)/.test(link)) {
          // A reader follows it; the page itself fetches nothing.
          expect(name).toBe('href');
          continue;
        }
        const [place = ''] = link.split('#');
        const file =
          place === '' ? path : posix.normalize(posix.join(posix.dirname(path), decodeURIComponent(place)));
        expect([...files.keys()], `${path} links to ${link}`).toContain(file);
        links += 1;
      }
    }
    expect(links).toBeGreaterThan(50);
  });

  it('takes words of others as words', async () => {
    const files = await builtSite(await sampleValues([hostile]));
    for (const [path, text] of files) {
      if (
        path.endsWith('.json') ||
        path.endsWith('.jsonld') ||
        path === 'page.js' ||
        path.endsWith('SHA256SUMS')
      )
        continue;
      const markup = text.replace(/<script type="application\/ld\+json">.*?<\/script>/s, '');
      expect(markup.match(/<script(?! src="[./]*page\.js" defer)/g), path).toBeNull();
      expect(text, path).not.toMatch(
        /<(img src=x|i>|u>|b>שלום)|onmouseover="alert|\p{Bidi_Control}|(?![\n])\p{Cc}/u,
      );
    }
    const page = files.get('datasets/hostile/1.0.0/index.html') ?? '';
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).toContain('href="https://ipfs.example.org/ipfs/');
    expect(page).toContain('z%3F%23%2541.txt');
    const json = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(page)?.[1] ?? '';
    expect(JSON.parse(json)).toMatchObject({ '@type': 'Dataset', name: hostile.dataset.title });
  });

  it('shows 5,000 files and an empty description', async () => {
    const files = Array.from({ length: 5_000 }, (_, index) =>
      fileOf(`data/${String(index).padStart(4, '0')}.csv`),
    );
    const site = await builtSite(await sampleValues([datasetOf('many', { files, description: ' ' })]));
    const page = site.get('datasets/many/1.0.0/index.html') ?? '';
    expect(page.match(/<tr><th scope="row">/g)).toHaveLength(200);
    expect(page).toContain('The first 200 of 5000: <a href="SHA256SUMS">');
    expect(site.get('datasets/many/1.0.0/SHA256SUMS')?.split('\n')).toHaveLength(5_001);
  });

  it('keeps the status of 100 datasets within 100 kB', async () => {
    const datasets = Array.from({ length: 100 }, (_, index) =>
      datasetOf(`station-of-the-north-sea-${index}`),
    );
    const files = await builtSite(await sampleValues(datasets));
    expect(files.get('index.html')?.length).toBeLessThan(100_000);
    expect(files.get('index.html')?.match(/<li class="row/g)).toHaveLength(104);
  });

  it('has all datasets in pages where there are many', async () => {
    const datasets = Array.from({ length: 450 }, (_, index) =>
      datasetOf(`set-${String(index).padStart(3, '0')}`),
    );
    const files = await builtSite(await sampleValues(datasets));
    expect([...files.keys()].filter((path) => path.startsWith('datasets/page-'))).toEqual([
      'datasets/page-2.html',
      'datasets/page-3.html',
    ]);
    expect(files.get('index.html')).toContain('350 more are well or not known');
  });
});

describe('the status', () => {
  it('says first that all is well, or what is not', async () => {
    const values = await sampleValues([tides, datasetOf('winds')]);
    expect(headline(await builtSite(values))).toBe('All 2 datasets have their copies');
    const { summary } = values;
    if (summary === undefined) throw new Error('expected a summary');
    const without = (copies: number) =>
      summary.datasets.map((one) =>
        one.id === 'tides@1.0.0' && one.now
          ? {
              ...one,
              now: { ...one.now, copies, health: copies === 0 ? ('lost' as const) : ('degraded' as const) },
            }
          : one,
      );
    const degraded = await builtSite({ ...values, summary: { ...summary, datasets: without(1) } });
    expect(headline(degraded)).toBe('1 dataset of 2 with fewer copies than wanted');
    expect(degraded.get('index.html')).toMatch(
      /<li class="row degraded"[^>]*>.*?1 of 3 <em>copies missing<\/em>/,
    );
    const lost = await builtSite({ ...values, summary: { ...summary, datasets: without(0) } });
    expect(headline(lost)).toBe('1 dataset of 2 without any copy');
    expect(JSON.parse(lost.get('badge.json') ?? '')).toMatchObject({ message: 'copies lost', color: 'red' });
    const silent = await builtSite({ ...values, summary: { ...summary, fault: 'no answer within 30 s' } });
    expect(headline(silent)).toBe('Not known: the last look got no answer');
  });

  it('is stale after a day, and nothing where nobody looked', async () => {
    const values = await sampleValues([tides]);
    expect(headline(await builtSite({ ...values, at: to + 2 * day }))).toBe(
      'Stale: nobody has looked for more than a day',
    );
    expect(headline(await builtSite({ ...values, summary: undefined }))).toBe('Nobody has looked yet');
    expect((await builtSite({ ...values, summary: undefined })).get('datasets/tides/badge.svg')).toContain(
      'not known',
    );
  });

  it('draws days in which nobody looked as unknown, never as well', async () => {
    const values = await sampleValues([tides]);
    const page = (await builtSite(values)).get('index.html') ?? '';
    const row = /<li class="row healthy" data-f="tides@1.0.0">.*?<\/li>/s.exec(page)?.[0] ?? '';
    const [, unknown = ''] = /<path class="unknown" d="([^"]*)"/.exec(row) ?? [];
    const days = values.summary?.datasets[0]?.days ?? [];
    const silent = days.flatMap((one, index) => (one.unknown > 0.9 ? [index] : []));
    expect(silent.length).toBeGreaterThan(1);
    expect(unknown).toContain(`M${silent[0]} 0h`);
    expect(row).toMatch(/aria-label="99\.\d+ % with all copies in the 8\d of 90 days that are known/);
  });

  it('has notes, what ends, and incidents with what brought things back', async () => {
    const values = await sampleValues([tides], {
      notes: [
        { from: to + day, until: to + 2 * day, title: 'New disks in Oslo', text: 'Slower <than> usual.' },
      ],
      endings: [
        {
          kind: 'signer',
          id: 'bob',
          endsAt: to + 5 * day,
          what: 'bob: signatures count until then',
          todo: 'holdfast signer add bob',
          signers: [],
        },
      ],
    });
    const page = (await builtSite(values)).get('index.html') ?? '';
    expect(page).toContain('Planned: ');
    expect(page).toContain('Slower &lt;than&gt; usual.');
    expect(page).toContain('holdfast signer add bob');
    expect(page).toContain('Back: <bdi>it is up again</bdi>');
    expect(page).toMatch(/<time datetime="2026-12-02">2 Dec 2026<\/time>, in 4 days</);
  });
});

it('names what came and went, and how copies showed themselves', async () => {
  const values = await sampleValues([tides]);
  const { summary } = values;
  if (summary === undefined) throw new Error('expected a summary');
  const changes = [
    { at: to, id: 'tides@1.0.0', what: 'added' },
    { at: to - day, id: 'gone@1.0.0', what: 'removed' },
  ] as const;
  const page = (await builtSite({ ...values, summary: { ...summary, changes } })).get('index.html') ?? '';
  expect(page).toMatch(
    /<a href="\.\/datasets\/tides\/1\.0\.0\/index\.html"><bdi>tides@1\.0\.0<\/bdi><\/a> added/,
  );
  expect(page).toContain('<bdi>gone@1.0.0</bdi> removed');
  expect(page).toMatch(/Copies asked for block by block: \d+ shown, 1 could not be asked for\./);
});

describe('the catalogue', () => {
  it('shows versions, and what each changed', async () => {
    const before = datasetOf('tides', { files: [fileOf('a.csv'), fileOf('b.csv'), fileOf('c.csv')] });
    const changed = { ...fileOf('b.csv', 9), sha256: 'cd'.repeat(32) };
    const after = datasetOf('tides', {
      version: '1.10.0',
      files: [fileOf('a.csv'), changed, fileOf('d.csv')],
    });
    const gone = datasetOf('tides', { version: '2.0.0', withdrawn: { reason: 'contains <personal> data' } });
    const files = await builtSite(await sampleValues([before, gone, after]));
    const page = files.get('datasets/tides/index.html') ?? '';
    expect(page).toContain('Since 1.0.0: 1 file added, 1 changed, 1 removed, 1 the same');
    // A version that was taken out is not what a reader should get.
    expect(page).toContain('Version 1.10.0: files, how to fetch it');
    expect(files.get('datasets/tides/2.0.0/index.html')).toContain('contains &lt;personal&gt; data');
    expect(files.get('datasets/tides/2.0.0/index.html')).not.toContain('holdfast fetch');
    expect(files.get('datasets/tides/1.0.0/index.html')).toContain('There is a later version');
  });

  it('says how to get the list where it is not at hand', async () => {
    const { dataset, ...rest } = datasetOf('huge');
    const { files: _, ...listed } = dataset;
    const fileList = {
      format: 'files-1',
      count: 1_000_000,
      size: 3e8,
      sha256: 'ab'.repeat(32),
      cid: dataset.cid,
    };
    const huge = { ...rest, dataset: { ...listed, fileList } as typeof dataset, files: undefined };
    const files = await builtSite(await sampleValues([huge]));
    expect(files.get('datasets/huge/1.0.0/index.html')).toContain(
      `The list of all 1000000 files: <code>ipfs cat ${dataset.cid}`,
    );
    expect(files.has('datasets/huge/1.0.0/croissant.json')).toBe(false);
  });

  it('has whole addresses in the feed and the sitemap, and no sitemap without', async () => {
    const address = 'https://data.example.org/sets/';
    const files = await builtSite(await sampleValues([tides], { address }));
    expect(files.get('sitemap.xml')).toContain(`<loc>${address}datasets/tides/1.0.0/</loc>`);
    const feed = files.get('feed.xml') ?? '';
    expect(feed).toContain(`href="${address}datasets/tides/1.0.0/index.html"`);
    expect(feed.match(/<id>urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab]/g)?.length).toBeGreaterThan(
      2,
    );
    expect((await builtSite(await sampleValues([tides]))).has('sitemap.xml')).toBe(false);
  });
});
