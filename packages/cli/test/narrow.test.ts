import { describe, expect, it } from 'vitest';
import type { Tools } from '../src/frame/command.ts';
import { fitted } from '../src/frame/narrow.ts';
import type { ProgressEvent } from '../src/frame/progress-event.ts';
import { tell } from '../src/pinning/pin-run.ts';
import { sandbox } from './support/holdfast.ts';
import { expectOk, signedTides } from './support/repository.ts';
import { onTerminal } from './support/terminal.ts';

const cid = 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi';
const keyid = `SHA256:${'a'.repeat(43)}`;
const narrow = { isTTY: true, columns: 40 };

describe('a narrow terminal', () => {
  it('gets shortened hashes, never some that are broken in the middle', () => {
    expect(fitted(`  ${cid}`, narrow)).toBe('  bafybeigdyrz…5fbzdi');
    expect(fitted(`signed as alice (${keyid})`, narrow)).toBe('signed as alice (SHA256:aaaaa…aaaaaa)');
    expect(fitted(`digest ${'0f'.repeat(32)}`, narrow)).toBe('digest 0f0f0f0f0f0f…0f0f0f');
  });

  it('keeps what fits, what is to be pasted, and an excerpt with its caret', () => {
    for (const line of [`  ${cid}`, `(${keyid})`])
      expect(fitted(line, { isTTY: true, columns: 100 })).toBe(line);
    for (const line of [`next: holdfast fetch ${cid} --gateway x`, `  12 |   "cid": "${cid}",`])
      expect(fitted(line, narrow)).toBe(line);
    expect(fitted(`\u001b[32m${'x'.repeat(36)}\u001b[39m`, narrow)).toContain('x'.repeat(36));
  });

  it('is not what a pipe is', () => {
    expect(fitted(`  ${cid}`, { isTTY: false, columns: 40 })).toBe(`  ${cid}`);
  });

  it('holds for a whole command: no line with a hash is wider than the terminal', {
    tags: ['slow'],
  }, async () => {
    await using box = await sandbox();
    await expectOk(box, ['keygen', 'alice']);
    const file = await signedTides(box);
    // A pseudo-terminal without a size counts as 80 columns wide.
    const { stdout } = await onTerminal(box, ['inspect', file], [], { NO_COLOR: '1' });
    expect(stdout).toMatch(/content +baf\w{9}…\w{6} \(unixfs-v1-2025\)/);
    const wide = stdout.split(/\r?\n/).filter((line) => line.length > 80 && /bafy|SHA256:/.test(line));
    expect(wide).toEqual([]);
  });
});

describe('progress', () => {
  it('names datasets, not CIDs, and says after a minute that no peer finds one', () => {
    const shown: ProgressEvent[] = [];
    const notes: string[] = [];
    const tools: Pick<Tools, 'progress' | 'note'> = {
      progress: (event) => void shown.push(event),
      note: (text) => void notes.push(text),
    };
    const common = { at: 0, target: 'cluster' };
    const counts = { poll: 1, settled: 0, total: 1, copies: 0, copiesWanted: 2 };
    const waitsFor = { cid, name: 'tides@1.0.0', missing: '0 of 2 copies' };
    tell({ ...common, ...counts, type: 'waiting', waitsFor }, tools as Tools);
    expect(shown).toMatchObject([{ phase: 'pinning', item: 'tides@1.0.0 has 0 of 2 copies' }]);
    tell({ ...common, type: 'unfound', cid, name: 'tides@1.0.0', waitedMs: 60_400 }, tools as Tools);
    expect(notes).toEqual([
      'tides@1.0.0: no peer has found its content for 60 s\n  help: if nobody published it, holdfast publish FOLDER --manifest tides@1.0.0; then this run goes on by itself',
    ]);
  });
});
