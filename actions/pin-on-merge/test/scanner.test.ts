import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { markedProcesses } from '../src/scan/marked-processes.ts';
import { programScanner } from '../src/scan/scanner.ts';

const node = process.execPath;
const env = { PATH: process.env.PATH ?? '' };
const scannerOf = (script: string, idleMs = 240_000) =>
  programScanner([node, '-e', script], { env, cwd: '/', idleMs });
const patience = () => AbortSignal.timeout(240_000);

async function* bytesOf(...chunks: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}

/** Comes only when the program has gone. */
async function* slowly(text: string): AsyncGenerator<Uint8Array> {
  await new Promise((done) => setTimeout(done, 2_000));
  yield Buffer.from(text);
}

const readAll = "let n=0;process.stdin.on('data',d=>n+=d.length).on('end',()=>";

describe('a program as a scanner', () => {
  it('gets every byte, and exit 0 is clean', async () => {
    const chunks = Array.from({ length: 64 }, () => randomBytes(65_536));
    const scanner = scannerOf(`${readAll}process.exit(n===${64 * 65_536}?0:9))`);
    expect(await scanner.scan(bytesOf(...chunks), patience())).toEqual({ kind: 'clean' });
  });

  it('exit 1 is a hit, with what it said', async () => {
    const scanner = scannerOf(`${readAll}{console.log('stream: Test.Virus FOUND');process.exit(1)})`);
    expect(await scanner.scan(bytesOf('x'), patience())).toEqual({
      kind: 'hit',
      says: 'stream: Test.Virus FOUND',
    });
  });

  it.each([
    ['another exit code', 'process.exit(2)', 'exited with 2'],
    ['a signal', "process.kill(process.pid,'SIGTERM');setInterval(()=>{},9)", 'was ended by SIGTERM'],
  ])('%s is its own failure, not a hit', async (_, script, reason) => {
    expect(await scannerOf(script).scan(bytesOf('x'), patience())).toMatchObject({ kind: 'failed', reason });
  });

  it('a program that does not exist is its own failure', async () => {
    const scanner = programScanner(['/no/such/scanner'], { env, cwd: '/' });
    const verdict = await scanner.scan(bytesOf('x', randomBytes(1_000_000), 'y'), patience());
    expect(verdict).toMatchObject({ kind: 'failed', reason: 'could not be started: no such program' });
  });

  it('may leave an empty file unread', async () => {
    expect(await scannerOf('process.exit(0)').scan(bytesOf(), patience())).toEqual({ kind: 'clean' });
  });

  it('that reads nothing of a file is told how much there was', async () => {
    expect(await scannerOf('process.exit(0)').scan(slowly('x'), patience())).toMatchObject({
      kind: 'failed',
      reason: expect.stringMatching(/^called it clean after reading less than 1 bytes/),
    });
  });

  it('may stop reading before the end for a hit, never for clean', async () => {
    const large = Array.from({ length: 64 }, () => Buffer.alloc(65_536));
    expect(await scannerOf('process.exit(1)').scan(bytesOf(...large), patience())).toMatchObject({
      kind: 'hit',
    });
    const limited = "process.stdin.once('data',()=>process.exit(0))";
    expect(await scannerOf(limited).scan(bytesOf(...large), patience())).toMatchObject({
      kind: 'failed',
      reason: expect.stringMatching(/^called it clean after reading less than \d+ bytes/),
    });
  });

  it('is ended when it neither reads nor ends', async () => {
    const large = Array.from({ length: 64 }, () => Buffer.alloc(65_536));
    for (const bytes of [bytesOf(...large), bytesOf('x')]) {
      const verdict = await scannerOf('setInterval(()=>{},1000)', 300).scan(bytes, patience());
      expect(verdict).toMatchObject({ kind: 'failed', reason: 'made no progress for 0 s' });
    }
  });

  it('is not ended for our own slowness', { tags: ['slow'] }, async () => {
    async function* slowly() {
      yield Buffer.from('a');
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      yield Buffer.from('b');
    }
    // A program that starts at once, on a busy machine too.
    const count = programScanner(['sh', '-c', '[ "$(wc -c)" -eq 2 ]'], { env, cwd: '/', idleMs: 2_000 });
    expect(await count.scan(slowly(), patience())).toEqual({ kind: 'clean' });
  });

  it('keeps only the beginning of what it says', async () => {
    const scanner = scannerOf(`${readAll}{process.stdout.write('x'.repeat(1e6),()=>process.exit(1))})`);
    const verdict = await scanner.scan(bytesOf('x'), patience());
    expect(verdict.kind === 'hit' && verdict.says.length).toBe(4096);
  });

  it('does not wait for what the program left behind, and ends it', { tags: ['slow'] }, async () => {
    const left = `setInterval(()=>{},1000)`;
    const script = `const c=require('child_process').spawn(process.execPath,['-e',${JSON.stringify(left)}],{stdio:['ignore','inherit','inherit']});console.log(c.pid);c.unref();process.exit(1)`;
    const verdict = await scannerOf(script).scan(bytesOf('x'), patience());
    const pid = Number(verdict.kind === 'hit' && verdict.says);
    expect(pid).toBeGreaterThan(1);
    await expect.poll(() => isRunning(pid)).toBe(false);
  });

  it('is ended with the run', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('the run is over')), 200);
    await expect(scannerOf('setInterval(()=>{},1000)').scan(bytesOf('x'), stop.signal)).rejects.toThrow(
      'the run is over',
    );
  });

  it('throws what reading the content throws', async () => {
    async function* broken() {
      yield Buffer.from('a');
      throw new Error('no such block');
    }
    await expect(scannerOf(`${readAll}process.exit(0))`).scan(broken(), patience())).rejects.toThrow(
      'no such block',
    );
  });

  it('sees the environment it is given, a mark to be found by, and nothing else', async () => {
    const script = `${readAll}{console.log(JSON.stringify(Object.keys(process.env)));process.exit(1)})`;
    const verdict = await scannerOf(script).scan(bytesOf('x'), patience());
    expect(verdict.kind === 'hit' && JSON.parse(verdict.says)).toEqual(['PATH', 'HOLDFAST_SCAN']);
  });

  it.runIf(process.platform === 'linux')(
    'leaves nothing behind, even what it started in a session of its own and gave away',
    async () => {
      const name = 'HOLDFAST_TEST_OF_SCANNER';
      const value = randomBytes(8).toString('hex');
      const begun = join(tmpdir(), `holdfast-scanner-${value}`);
      // Twice a child, so that it belongs to nobody, and a session that no group signal reaches.
      const script = `cat > /dev/null
        (setsid sh -c 'touch ${begun}; exec sleep 600' > /dev/null 2>&1 &)
        until [ -e ${begun} ]; do sleep 0.05; done`;
      const scanner = programScanner(['sh', '-c', script], { env: { ...env, [name]: value }, cwd: '/' });
      expect(await scanner.scan(bytesOf('x'), patience())).toEqual({ kind: 'clean' });
      const left = () => markedProcesses(`${name}=${value}`);
      await expect.poll(left, { timeout: 60_000 }).toHaveLength(1);
      scanner.close?.();
      rmSync(begun);
      await expect.poll(left, { timeout: 60_000 }).toEqual([]);
    },
  );
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
