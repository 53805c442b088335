import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatFileLine, maxLineLength, parseFileLine } from '../src/file-list/file-line.ts';
import { compareFiles, type FileChange } from '../src/file-list/list-difference.ts';
import { FileListReader, type ListClaims, type ListVerdict } from '../src/file-list/list-reader.ts';
import { FileListWriter } from '../src/file-list/list-writer.ts';
import { PathIndex } from '../src/file-list/path-index.ts';
import { rawCid } from '../src/internal.ts';
import { comparePaths } from '../src/manifest/file-path.ts';
import type { DatasetFile } from '../src/manifest/manifest.ts';

const listCid = 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku';

function file(path: string, content = path): DatasetFile {
  const digest = createHash('sha256').update(content).digest();
  return { path, size: content.length, sha256: digest.toString('hex'), cid: rawCid(digest) };
}

function listOf(files: readonly DatasetFile[]): { bytes: Uint8Array; claims: ListClaims } {
  const writer = new FileListWriter();
  const bytes = Buffer.concat([...writer.write(files)]);
  return { bytes, claims: writer.claims(listCid) };
}

/** The claims of whatever these lines are, so that only the lines can be wrong. */
function claimed(
  text: string | Uint8Array,
  count: number,
  totalSize = 0,
): { bytes: Buffer; claims: ListClaims } {
  const bytes = Buffer.from(text as string);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const fileList = { format: 'holdfast-files-1', count, size: bytes.length, sha256, cid: listCid } as const;
  return { bytes, claims: { fileList, totalSize } };
}

function read(
  bytes: Uint8Array,
  claims: ListClaims,
  step = bytes.length || 1,
): ListVerdict & { seen: string[] } {
  const seen: string[] = [];
  const reader = new FileListReader(claims, { onFile: ({ path }) => seen.push(path) });
  for (let at = 0; at < bytes.length; at += step) if (!reader.push(bytes.subarray(at, at + step))) break;
  return { ...reader.end(), seen };
}

const codes = ({ problems }: ListVerdict) => problems.map(({ code, line }) => `${line} ${code}`);
const lines = (...files: DatasetFile[]) => files.map((each) => `${formatFileLine(each)}\n`).join('');

describe('a list of files', () => {
  it('is read as it was written, however its bytes come', () => {
    const paths = fc.uniqueArray(fc.stringMatching(/^[a-c]{1,3}(\/[d-f]{1,3}){0,2}$/), {
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(paths, fc.integer({ min: 1, max: 400 }), (each, step) => {
        const files = each
          .filter((path) => !each.some((other) => other.startsWith(`${path}/`)))
          .sort(comparePaths)
          .map((path) => file(path));
        const { bytes, claims } = listOf(files);
        const verdict = read(bytes, claims, step);
        expect(verdict).toEqual({ ok: true, problems: [], hidden: 0, seen: files.map(({ path }) => path) });
        expect(claims.totalSize).toBe(files.reduce((sum, { size }) => sum + size, 0));
      }),
    );
  });

  it('has one spelling of each line', () => {
    const line = formatFileLine({ ...file('ä "b".csv'), mediaType: 'text/csv' });
    expect(parseFileLine(line)?.path).toBe('ä "b".csv');
    for (const other of [
      ` ${line}`,
      `${line} `,
      `${line}\r`,
      line.replace('ä', '\\u00e4'),
      line.replace(':', ': '),
      line.replace(/"size":(\d+)/, '"size":$1.0'),
      line.replace(/"size":(\d+)/, '"size":1e1'),
      line.replace('{', '{"size":1,'),
      line.replace('"path"', '"Path"'),
      line.replace(/\{(.*),("size":\d+)\}/, '{$2,$1}'),
    ])
      expect(parseFileLine(other), other).toBeUndefined();
  });
});

describe('a hostile list is refused at its line', () => {
  const [a, b] = [file('a'), file('b')];
  it.each<[string, string, number, string[]]>([
    ['unsorted', lines(b, a), 2, ['2 manifest/unsorted-files']],
    ['with a path twice', lines(a, a), 2, ['2 manifest/duplicate-path']],
    [
      'with a path twice after case folding',
      lines(file('A'), file('B'), a),
      3,
      ['3 manifest/duplicate-path'],
    ],
    ['with a file where a folder is', lines(a, file('a-b'), file('a/b')), 3, ['3 manifest/path-conflict']],
    ['with a folder of another case where a file is', lines(file('A/b'), a), 2, ['2 manifest/path-conflict']],
    ['with a path that leads out', lines(file('../a')), 1, ['1 manifest/invalid-path']],
    ['with an empty line', `${lines(a)}\n${lines(b)}`, 3, ['2 list/not-canonical']],
    ['with spaces in a line', lines(a).replace(':', ': '), 1, ['1 list/not-canonical']],
    ['with what is no JSON', 'path,size\n', 1, ['1 json/syntax']],
    ['with a carriage return', lines(a).replace('\n', '\r\n'), 1, ['1 list/not-canonical']],
    ['that ends in a line', lines(a, b).slice(0, -1), 2, ['2 list/unfinished-line']],
    ['with too few files', lines(a), 2, ['1 list/wrong-count']],
    ['with too many files', lines(a, b), 1, ['2 list/wrong-count']],
    ['with a byte order mark', `\ufeff${lines(a)}`, 1, ['1 json/byte-order-mark']],
  ])('%s', (_, text, count, expected) => {
    const total = text.split('\n').reduce((sum, line) => sum + (parseFileLine(line)?.size ?? 0), 0);
    const { bytes, claims } = claimed(text, count, total);
    for (const step of [1, 7, bytes.length]) expect(codes(read(bytes, claims, step))).toEqual(expected);
  });

  it('with bytes that are not UTF-8', () => {
    const { bytes, claims } = claimed(
      Buffer.concat([Buffer.from(lines(a)), Buffer.from([0xff, 0x0a])]),
      2,
      1,
    );
    expect(codes(read(bytes, claims))).toEqual(['2 json/not-utf-8']);
  });

  it('with one bit changed', () => {
    const { bytes, claims } = listOf([a, b]);
    const changed = Buffer.from(bytes);
    changed[20] = changed[20] === 0x61 ? 0x62 : 0x61;
    expect(read(changed, claims).ok).toBe(false);
    expect(codes(read(changed, claims)).at(-1)).toBe('1 list/wrong-sha256');
  });

  it('longer or shorter than its manifest says', () => {
    const { bytes, claims } = listOf([a, b]);
    const more = Buffer.concat([bytes, Buffer.from(lines(file('c')))]);
    expect(codes(read(more, claims))).toEqual(['3 list/wrong-size']);
    const { size } = claims.fileList;
    const longer = { ...claims, fileList: { ...claims.fileList, size: size + 1 } };
    expect(codes(read(bytes, longer))).toEqual(['3 list/wrong-size']);
  });

  it('with sizes that do not add up', () => {
    const { bytes, claims } = listOf([a, b]);
    expect(codes(read(bytes, { ...claims, totalSize: 1 }))).toEqual(['1 manifest/wrong-total-size']);
  });

  it('with a line of a gigabyte, after no more than a line may have', () => {
    const chunk = Buffer.alloc(64 * 1024, 0x61);
    const { claims } = claimed(lines(a), 1);
    const huge = { ...claims, fileList: { ...claims.fileList, size: 2 ** 30 } };
    const reader = new FileListReader(huge);
    let pushed = 0;
    while (pushed < 2 ** 30 && reader.push(chunk)) pushed += chunk.length;
    expect(pushed).toBeLessThanOrEqual(2 * maxLineLength);
    expect(codes(reader.end())).toEqual(['1 list/line-too-long']);
  });

  it('with a count that no list has', () => {
    const { bytes, claims } = listOf([a, b]);
    const counted = { ...claims, fileList: { ...claims.fileList, count: 2 ** 53 - 1 } };
    expect(codes(read(bytes, counted))).toEqual(['2 list/wrong-count']);
  });

  it('with two spellings of one path 200,000 lines apart', { tags: ['slow'] }, () => {
    const paths = Array.from({ length: 200_000 }, (_, i) => `data/${String(i).padStart(6, '0')}.csv`);
    const files = ['DATA/199999.csv', ...paths].map((path) => ({ ...a, path }));
    const { bytes, claims } = listOf(files);
    expect(codes(read(bytes, claims, 65_536))).toEqual(['200001 manifest/duplicate-path']);
  });

  it('listing twenty problems, and counting the rest', () => {
    const { bytes, claims } = claimed('{}\n'.repeat(1000), 1000);
    const { problems, hidden } = read(bytes, claims);
    expect(problems).toHaveLength(20);
    expect(hidden).toBeGreaterThanOrEqual(980);
  });
});

describe('the index of paths', () => {
  it('finds the same clashes as a map of folded paths, whatever its seed', () => {
    const path = fc.stringMatching(/^[aAbB]{1,2}(\/[aAbB]{1,2}){0,2}$/);
    const seed = fc.tuple(fc.nat(), fc.nat(), fc.nat());
    fc.assert(
      fc.property(fc.uniqueArray(path, { maxLength: 30 }), seed, (each, numbers) => {
        const index = new PathIndex(Uint32Array.from(numbers));
        const files = new Set<string>();
        const folders = new Set<string>();
        for (const next of each.sort(comparePaths)) {
          const folded = next.toLowerCase();
          const above = folded
            .split('/')
            .map((_, i, all) => all.slice(0, i).join('/'))
            .slice(1);
          const expected =
            files.has(folded) || folders.has(folded) || above.some((folder) => files.has(folder));
          expect(index.add(next, 1) !== undefined, `${next} in ${each}`).toBe(expected);
          if (!expected) {
            files.add(folded);
            for (const folder of above) folders.add(folder);
          } else return;
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the difference of two lists', () => {
  it('is what was added, removed and changed', async () => {
    const before = [file('a'), file('b'), file('d')];
    const after = [file('a'), file('b', 'other'), file('c')];
    const changes: FileChange[] = [];
    for await (const change of compareFiles(before, after)) changes.push(change);
    expect(changes).toEqual([
      { kind: 'changed', before: before[1], after: after[1] },
      { kind: 'added', after: after[2] },
      { kind: 'removed', before: before[2] },
    ]);
  });
});
