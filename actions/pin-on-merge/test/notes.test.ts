import { systemClock } from '@holdfast/http';
import { checkChanges, openRepository } from '@holdfast/repository';
import { describe, expect, it } from 'vitest';
import { type RunOptions, run } from '../src/run.ts';
import { Scene } from './support/scene.ts';

const options: Omit<RunOptions, 'manifests'> = {
  repository: 'holdfast-data/datasets',
  owner: 'github.com/holdfast-data/datasets',
  event: 'push',
  mode: 'all',
  dryRun: true,
  onWithdraw: 'keep',
  wait: 'min',
  timeoutMs: 60_000,
  concurrency: 1,
  verifyRetrieval: 'off',
  prove: 'off',
  proveBlocks: 16,
  proveBytes: 1,
  notes: [],
};

/** The notes and the log of a dry run of what is pushed, with manifests looked for where the patterns say. */
async function told(scene: Scene, manifests: readonly string[]) {
  await using repository = await openRepository(scene.repository.path);
  const log: string[] = [];
  const judge = () =>
    checkChanges(repository, { head: scene.head, base: scene.head, mode: 'all', at: new Date(), manifests });
  const report = await run(
    { ...options, manifests },
    {
      repository: { judge },
      clock: systemClock,
      random: Math.random,
      signal: new AbortController().signal,
      log: (line) => log.push(line),
    },
  );
  return { notes: report.notes, log };
}

describe('patterns that name no manifest', () => {
  it('are told in the log and on the page', async () => {
    await using scene = await Scene.open();
    const note = 'no file of the repository matches the input `manifests`: `manifest/**`, `data/*.json`';
    const { notes, log } = await told(scene, ['manifest/**', 'data/*.json']);
    expect(notes).toContain(note);
    expect(log).toContain(`note: ${note}`);
  });

  it('are not told of where one is found, however wrong', async () => {
    await using scene = await Scene.open({ 'manifests/w.json': '{' });
    const { notes, log } = await told(scene, ['manifests/**']);
    expect([...notes, ...log].join()).not.toContain('no file of the repository');
  });
});
