import { rootFromFiles } from '@holdfast/content/root';
import type { DatasetFile } from '@holdfast/manifest';
import type { FindList } from '@holdfast/manifest/files';
import { type GitFiles, gitRepository, type TestRepository } from '@holdfast/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChangesReport, type CheckOptions, checkChanges, openRepository } from '../src/index.ts';
import { datasetWith, listOf, publicKeyFile, signed, withList } from './dataset.ts';
import { checkProposal } from './proposal.ts';

let origin: TestRepository;
let base: string;
const texts = (...names: string[]) => Object.fromEntries(names.map((name) => [name, `text of ${name}`]));
const tides = withList(datasetWith('tides', '1.0.0', texts('a/1.csv', 'a/2.csv', 'b/1.csv')));
const next = withList(datasetWith('tides', '1.1.0', texts('a/1.csv', 'b/1.csv', 'b/2.csv', 'b/3.csv')));

beforeAll(async () => {
  origin = await gitRepository();
  await origin.write({
    'public-keys/alice.pub': publicKeyFile('alice'),
    'manifests/tides-v1.0.0.json': signed(tides.dataset, 'alice'),
    'manifests/tides-v1.0.0.files.jsonl': tides.list,
  });
  base = await origin.commit('base');
});
afterAll(() => origin.remove());

const change = (files: GitFiles, options?: Partial<CheckOptions>) =>
  checkProposal(origin, base, files, options);
const codes = ({ problems }: ChangesReport) =>
  problems.map(({ code, file, line }) => `${code} ${file}:${line}`);

const nextFiles = {
  'manifests/tides-v1.1.0.json': signed(next.dataset, 'alice'),
  'manifests/tides-v1.1.0.files.jsonl': next.list,
};

describe('a dataset with a file list', () => {
  it('is proved from the list beside its manifest, and told what is new since the version before', async () => {
    await origin.git('checkout', '--quiet', '--detach', '--force', base);
    await origin.write(nextFiles);
    const head = await origin.commit('next');
    await using repository = await openRepository(origin.path);
    const report = await checkChanges(repository, { base, head, at: new Date('2026-02-01') });
    expect(codes(report)).toEqual([]);
    const [added] = report.changes;
    expect(added?.newBytes).toBe(2 * 'text of b/2.csv'.length);
    const paths: string[] = [];
    for await (const { path } of added?.files ?? []) paths.push(path);
    expect(paths).toEqual(['a/1.csv', 'b/1.csv', 'b/2.csv', 'b/3.csv']);
    expect(added?.previousFiles?.count).toBe(3);
  });

  it('is never judged by a list that is a manifest by the patterns', async () => {
    const report = await change(nextFiles, { manifests: ['manifests/**'] });
    expect(codes(report)).toEqual([]);
    expect(report.manifests).toBe(2);
  });

  it('is proved where a pattern names the one manifest', async () => {
    const report = await change(nextFiles, { manifests: ['manifests/tides-v1.1.0.json'] });
    expect(codes(report)).toEqual([]);
  });

  it('is refused when its list alone is edited, at the line', async () => {
    const lines = Buffer.from(tides.list).toString().split('\n');
    const edited = [lines[0], lines[1]?.replace('"size":15', '"size":16'), lines[2], ''].join('\n');
    const report = await change({ 'manifests/tides-v1.0.0.files.jsonl': edited });
    expect(codes(report)).toContain('list/wrong-sha256 manifests/tides-v1.0.0.files.jsonl:1');
    expect(report.ok).toBe(false);
  });

  it('is refused without its list, and accepted if the list is found elsewhere', async () => {
    const files = { 'manifests/tides-v1.1.0.json': nextFiles['manifests/tides-v1.1.0.json'] };
    const [missing] = (await change(files)).problems;
    expect(missing).toMatchObject({ code: 'list/missing', path: '/dataset/fileList' });
    expect(missing?.message).toContain('manifests/tides-v1.1.0.files.jsonl');
    const asked: string[] = [];
    const findList: FindList = async ({ cid }) => {
      asked.push(cid);
      return {
        name: cid,
        read: async function* () {
          yield next.list;
        },
      };
    };
    expect(codes(await change(files, { findList }))).toEqual([]);
    expect(asked).toEqual([next.dataset.fileList.cid]);
  });

  it('is refused where a list found elsewhere is another one', async () => {
    const files = { 'manifests/tides-v1.1.0.json': nextFiles['manifests/tides-v1.1.0.json'] };
    const findList: FindList = async ({ cid }) => ({
      name: cid,
      async *read() {
        yield tides.list;
      },
    });
    expect((await change(files, { findList })).ok).toBe(false);
  });

  it('is refused where the list makes another root', async () => {
    const dataset = { ...next.dataset, cid: tides.dataset.cid };
    const report = await change({ ...nextFiles, 'manifests/tides-v1.1.0.json': signed(dataset, 'alice') });
    expect(report.problems[0]).toMatchObject({ code: 'proof/wrong-root', path: '/dataset/cid' });
  });

  it('is refused where a file of one block has another SHA-256, at the line', async () => {
    const files = [...datasetWith('x', '1.0.0', texts('a', 'b', 'c')).files] as DatasetFile[];
    files[1] = { ...(files[1] as DatasetFile), sha256: '0'.repeat(64) };
    const { cid } = rootFromFiles(files, 'unixfs-v1-2025');
    const { list, fileList, totalSize } = listOf(files);
    const { dataset } = withList(datasetWith('waves', '1.0.0', texts('a')));
    const report = await change({
      'manifests/waves.json': signed({ ...dataset, cid, fileList, totalSize }, 'alice'),
      'manifests/waves.files.jsonl': list,
    });
    expect(codes(report)).toEqual(['proof/wrong-file-cid manifests/waves.files.jsonl:2']);
  });

  it('names its files once', async () => {
    const both = { ...datasetWith('waves', '1.0.0', texts('a')), fileList: tides.dataset.fileList };
    const neither = { ...both, files: undefined, fileList: undefined };
    const text = (dataset: object) => JSON.stringify({ dataset, signatures: [] });
    expect(codes(await change({ 'manifests/waves.json': text(both) }))).toContain(
      'manifest/two-lists manifests/waves.json:1',
    );
    expect(codes(await change({ 'manifests/waves.json': text(neither) }))).toContain(
      'manifest/missing-field manifests/waves.json:1',
    );
  });

  it('keeps its list once it is merged', async () => {
    const other = { ...tides.dataset, revision: 2, fileList: next.dataset.fileList };
    const report = await change({ 'manifests/tides-v1.0.0.json': signed(other, 'alice') });
    expect(report.problems.map(({ code, path }) => `${code} ${path}`)).toContain(
      'change/content-changed /dataset/fileList',
    );
  });

  it('may not have a link for a list', async () => {
    const report = await change({ 'manifests/tides-v1.0.0.files.jsonl': { symlink: '/etc/passwd' } });
    expect(report.problems.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['repository/symlink', 'list/missing']),
    );
  });
});

describe('a policy', () => {
  const policy = (fileLists: object) => ({
    'public-keys/policy.json': JSON.stringify({
      policy: {
        version: 1,
        signers: { alice: { keys: ['alice.pub'] } },
        rules: [{ manifests: ['manifests/**'], signers: ['alice'], threshold: 1, tiers: ['standard'] }],
        fileLists,
      },
      signatures: [],
    }),
  });

  it.each([
    [{ files: 3 }, 'list/too-large', 'at most 3 files'],
    [{ bytes: 100 }, 'list/too-large', 'at most 100 bytes'],
    [{ bytesInGit: 100 }, 'list/too-large-for-git', 'in Git'],
    [{ depth: 1 }, undefined, ''],
  ])('limits lists before they are read: %j', async (fileLists, code, says) => {
    await origin.git('checkout', '--quiet', '--detach', '--force', base);
    await origin.write(policy(fileLists));
    const limited = await origin.commit('policy');
    await origin.write(nextFiles);
    const head = await origin.commit('next');
    await using repository = await openRepository(origin.path);
    const listId = await origin.git('rev-parse', `${head}:manifests/tides-v1.1.0.files.jsonl`);
    const blobs: string[] = [];
    const source = {
      commit: repository.commit.bind(repository),
      tree: repository.tree.bind(repository),
      blobSize: repository.blobSize.bind(repository),
      blob: (id: string, most: number) => {
        blobs.push(id);
        return repository.blob(id, most);
      },
    };
    const { problems } = await checkChanges(source, { base: limited, head, at: new Date('2026-02-01') });
    expect(problems.map((found) => found.code)).toEqual(code === undefined ? [] : [code]);
    expect(problems[0]?.message ?? '').toContain(says);
    expect(blobs.includes(listId)).toBe(code === undefined);
  });

  it('limits how deep the folders of a list are, at the line', async () => {
    await origin.git('checkout', '--quiet', '--detach', '--force', base);
    await origin.write(policy({ depth: 1 }));
    const limited = await origin.commit('policy');
    const deep = withList(datasetWith('deep', '1.0.0', texts('a/b/c', 'd')));
    await origin.write({
      'manifests/deep.json': signed(deep.dataset, 'alice'),
      'manifests/deep.files.jsonl': deep.list,
    });
    const head = await origin.commit('deep');
    await using repository = await openRepository(origin.path);
    const report = await checkChanges(repository, { base: limited, head, at: new Date('2026-02-01') });
    expect(codes(report)).toEqual(['list/too-deep manifests/deep.files.jsonl:1']);
  });

  it('bounds what is read for manifests that nobody signed', async () => {
    await origin.git('checkout', '--quiet', '--detach', '--force', base);
    await origin.write(policy({ bytes: tides.list.length * 3 }));
    const limited = await origin.commit('policy');
    const many = Array.from({ length: 6 }, (_, at) =>
      withList(datasetWith(`d${at}`, '1.0.0', texts('a', 'b', 'c'))),
    );
    await origin.write(
      Object.fromEntries(
        many.flatMap(({ dataset, list }) => [
          [`manifests/${dataset.name}.json`, signed(dataset)],
          [`manifests/${dataset.name}.files.jsonl`, list],
        ]),
      ),
    );
    const head = await origin.commit('many');
    await using repository = await openRepository(origin.path);
    const report = await checkChanges(repository, { base: limited, head, at: new Date('2026-02-01') });
    const refused = report.problems.filter(({ code }) => code === 'list/too-large');
    expect(refused).toHaveLength(3);
    expect(refused[0]?.hint).toContain('sign the manifests');
  });

  it('that changes the limits says so', async () => {
    const report = await change(policy({ files: 10 }));
    expect(report.trustChange?.lines.join('\n')).toContain('a list of files: at most 10 files');
  });
});
