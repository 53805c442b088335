import { createHash } from 'node:crypto';
import { inlineFiles } from '@holdfast/manifest/internal';
import { describe, expect, it } from 'vitest';
import { type ReadFile, scanDataset } from '../src/scan/dataset-scan.ts';
import type { Scanner, ScanVerdict } from '../src/scan/scanner.ts';

const fileOf = (path: string, content: string) => ({
  path,
  size: Buffer.byteLength(content),
  sha256: createHash('sha256').update(content).digest('hex'),
  cid: `bafkrei-${path}`,
});

const contents: Record<string, string> = { 'a.csv': 'aaa', 'b.csv': 'bbbb', 'c.csv': '' };
const files = Object.entries(contents).map(([path, content]) => fileOf(path, content));
const signal = new AbortController().signal;

const read: ReadFile = async function* ({ path }) {
  yield Buffer.from(contents[path] ?? '');
};

/** Reads everything, then says what `judge` says of the text. */
const scannerOf = (judge: (text: string) => ScanVerdict): Scanner => ({
  async scan(bytes) {
    let text = '';
    for await (const chunk of bytes) text += Buffer.from(chunk).toString();
    return judge(text);
  },
});
const clean: ScanVerdict = { kind: 'clean' };

describe('a dataset is scanned file by file', () => {
  it('and is clean when each file is', async () => {
    const scan = await scanDataset(inlineFiles(files), { scanner: scannerOf(() => clean), read, signal });
    expect(scan).toEqual({ clean: true, files: 3, bytes: 7 });
  });

  it('names each file with a hit, and the first line of what the scanner said', async () => {
    const scanner = scannerOf((text) =>
      text.startsWith('b') ? { kind: 'hit', says: '\nstream: Virus FOUND\nmore' } : clean,
    );
    const scan = await scanDataset(inlineFiles(files), { scanner, read, signal });
    expect(scan).toEqual({
      clean: false,
      faults: [{ kind: 'hit', path: 'b.csv', message: 'stream: Virus FOUND' }],
    });
  });

  it('tells a scanner that failed from a hit', async () => {
    const scanner = scannerOf(() => ({ kind: 'failed', reason: 'exited with 2', says: 'ERROR: no clamd' }));
    const scan = await scanDataset(inlineFiles(files.slice(0, 1)), { scanner, read, signal });
    expect(scan).toEqual({
      clean: false,
      faults: [
        { kind: 'scanner', path: 'a.csv', message: 'the scanner exited with 2, saying: ERROR: no clamd' },
      ],
    });
  });

  it('refuses bytes that are not the ones listed, even called clean', async () => {
    const other: ReadFile = async function* () {
      yield Buffer.from('aab');
    };
    const scan = await scanDataset(inlineFiles(files.slice(0, 1)), {
      scanner: scannerOf(() => clean),
      read: other,
      signal,
    });
    expect(scan).toMatchObject({ clean: false, faults: [{ kind: 'content', path: 'a.csv' }] });
  });

  it('says why content could not be had', async () => {
    const broken: ReadFile = () => {
      throw new Error('no gateway has it');
    };
    const scan = await scanDataset(inlineFiles(files.slice(0, 1)), {
      scanner: scannerOf(() => clean),
      read: broken,
      signal,
    });
    expect(scan).toEqual({
      clean: false,
      faults: [{ kind: 'content', path: 'a.csv', message: 'no gateway has it' }],
    });
  });

  it('stops when the run does', async () => {
    const stop = AbortSignal.abort(new Error('the run is over'));
    await expect(
      scanDataset(inlineFiles(files), { scanner: scannerOf(() => clean), read, signal: stop }),
    ).rejects.toThrow('the run is over');
  });

  it('does not go on for ever where everything is bad', async () => {
    const many = Array.from({ length: 500 }, (_, index) => fileOf(`${index}.csv`, 'x'));
    let scanned = 0;
    const scanner = scannerOf(() => {
      scanned += 1;
      return { kind: 'hit', says: 'bad' };
    });
    const scan = await scanDataset(inlineFiles(many), {
      scanner,
      read: () => read(fileOf('a.csv', ''), signal),
      signal,
    });
    expect(scan.clean).toBe(false);
    expect(scanned).toBeLessThan(20);
  });
});
