import { expect, it, onTestFinished, vi } from 'vitest';
import { walk } from '../src/hash/walk.ts';
import { tempFolder } from './support/temp-folder.ts';

it('lets the rest of the program have its turn, so that a long walk can be aborted', async () => {
  const folder = tempFolder({ 'a/1': '', 'b/2': '', 'c/3': '' });
  let now = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => {
    now += 1000;
    return now;
  });
  onTestFinished(() => clock.mockRestore());
  const abort = new AbortController();
  setImmediate(() => abort.abort(new Error('enough')));
  await expect(walk(folder, { signal: abort.signal, ignoreFile: false })).rejects.toThrow('enough');
});
