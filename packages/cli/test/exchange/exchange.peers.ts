import { execFile } from 'node:child_process';
import { appendFile, cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describedDataset, exchangeGateway, exportAll } from '../support/exchange.ts';
import { sandbox } from '../support/holdfast.ts';
import { expectOk, git, initialized } from '../support/repository.ts';

const execute = promisify(execFile);
const requirements = new URL('requirements.txt', import.meta.url).pathname;
let python: string;

beforeAll(async () => {
  python = await mkdtemp(join(tmpdir(), 'holdfast-exchange-'));
  await execute('python3', ['-m', 'venv', python]);
  await execute(join(python, 'bin/pip'), ['install', '--quiet', '-r', requirements]);
}, 900_000);
afterAll(() => rm(python, { recursive: true, force: true }));

const run = (program: string, args: readonly string[], cwd: string) =>
  execute(join(python, 'bin', program), args, {
    cwd,
    env: { HOME: cwd, PATH: `${join(python, 'bin')}:${process.env.PATH}`, DVC_NO_ANALYTICS: '1' },
  });

describe('the tools of others', { timeout: 300_000 }, () => {
  it('bagit accepts the bag once it is filled, and not a changed one', async () => {
    await using box = await sandbox();
    await exportAll(box, await describedDataset(box));
    await cp(box.path('data'), box.path('out/bag/data'), { recursive: true });
    await run('bagit.py', ['--validate', 'out/bag'], box.folder);
    await appendFile(box.path('out/bag/data/a.csv'), 'x');
    await expect(run('bagit.py', ['--validate', 'out/bag'], box.folder)).rejects.toThrow(/Oxum|checksum/);
  });

  it('frictionless accepts the Data Package beside its files, and not beside changed ones', async () => {
    await using box = await sandbox();
    await exportAll(box, await describedDataset(box));
    await cp(box.path('out/datapackage.json'), box.path('data/datapackage.json'));
    const validate = () => run('frictionless', ['validate', 'data/datapackage.json', '--json'], box.folder);
    expect(JSON.parse((await validate()).stdout)).toMatchObject({ valid: true, stats: { errors: 0 } });
    await appendFile(box.path('data/a.csv'), 'x');
    await expect(validate()).rejects.toThrow();
  });

  it('mlcroissant accepts the Croissant file, with nothing it would warn of', async () => {
    await using box = await sandbox();
    await exportAll(box, await describedDataset(box));
    const { stderr } = await run('mlcroissant', ['validate', '--jsonld', 'out/croissant.json'], box.folder);
    expect(stderr).not.toMatch(/WARNING|error|warning/);
    const { '@context': _, ...rest } = JSON.parse(await readFile(box.path('out/croissant.json'), 'utf8'));
    expect(rest.distribution).toHaveLength(5);
  });

  it('those who read sites accept what lies beside the pages', async () => {
    await using box = await sandbox();
    await initialized(box);
    await describedDataset(box);
    await expectOk(box, ['sign', 'manifests/tides-v1.0.0.json']);
    await git(box, 'add', '.');
    await git(box, 'commit', '-q', '-m', 'Add tides');
    const local = ['--local', 'one', '--local', 'two'];
    await expectOk(box, ['publish', 'data', ...local]);
    await expectOk(box, ['pin', ...local]);
    const gateway = ['--gateway', exchangeGateway];
    await expectOk(box, ['site', 'build', ...gateway, '--address', 'https://data.example.org/']);
    const version = 'site/datasets/tides/1.0.0';
    const { stderr } = await run(
      'mlcroissant',
      ['validate', '--jsonld', `${version}/croissant.json`],
      box.folder,
    );
    expect(stderr).not.toMatch(/WARNING|error|warning/);
    await cp(box.path(version, 'datapackage.json'), box.path('data/datapackage.json'));
    await run('frictionless', ['validate', 'data/datapackage.json'], box.folder);
    const python = async (program: string) =>
      (await run('python', ['-c', program], box.folder)).stdout.trim();
    expect(
      await python(`import feedparser
feed = feedparser.parse('site/feed.xml')
print(feed.bozo, feed.version, len(feed.entries), feed.entries[0].title)`),
    ).toBe('False atom10 1 Tide gauges 1.0.0');
    expect(
      await python(`import rdflib
graph = rdflib.Graph().parse('site/catalog.jsonld', format='json-ld')
dcat = rdflib.Namespace('http://www.w3.org/ns/dcat#')
print(len(list(graph.subjects(rdflib.RDF.type, dcat.Dataset))), len(list(graph.objects(None, dcat.byteSize))))`),
    ).toBe('1 1');
    expect(
      await python(`import os, xml.etree.ElementTree as tree
ns = '{http://www.sitemaps.org/schemas/sitemap/0.9}'
root = tree.parse('site/sitemap.xml').getroot()
places = [loc.text.replace('https://data.example.org/', 'site/') for loc in root.iter(ns + 'loc')]
print(root.tag == ns + 'urlset', len(places), all(os.path.isfile(p if p.endswith('.html') else p + 'index.html') for p in places))`),
    ).toBe('True 5 True');
    await box.run(['watch', '--once', ...local, '--textfile', 'metrics.txt']);
    const lines = "open('metrics.txt').read()";
    expect(
      await python(`from prometheus_client.parser import text_string_to_metric_families as read
print(sorted(family.name for family in read(${lines}))[:2])`),
    ).toBe("['holdfast_dataset_bytes', 'holdfast_dataset_copies']");
  });

  it('what DVC added comes to the root of the folder itself', async () => {
    await using box = await sandbox();
    const file = await describedDataset(box);
    await run('dvc', ['init', '--no-scm', '-q'], box.folder);
    await run('dvc', ['add', '-q', 'data'], box.folder);
    const described = [
      '--name',
      'tides',
      '--version',
      '1.0.0',
      '--tier',
      'standard',
      '--description',
      'Tides',
    ];
    await expectOk(box, ['import', 'data.dvc', ...described, '-o', 'imported.json']);
    const root = async (name: string) => JSON.parse(await readFile(box.path(name), 'utf8')).dataset.cid;
    expect(await root('imported.json')).toBe(await root(file));
  });
});
