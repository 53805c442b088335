import { followNames } from '@holdfast/datasets';
import { durationOf } from '../frame/duration.ts';
import { exitCode } from '../frame/exit-code.ts';
import { Misuse } from '../frame/misuse.ts';
import { committedNames, nameOfDataset } from './committed-names.ts';
import type { NameAction } from './name-command.ts';
import { nameKeys } from './name-key.ts';
import { nameText } from './name-text.ts';
import { openNames } from './router-flags.ts';

/** Makes the name of a dataset point to its latest merged version. */
export const publishAction: NameAction = {
  operands: 'DATASET',
  arity: [1, 1],
  async run([dataset = ''], flags, tools) {
    const names = openNames(flags, tools);
    try {
      const wanted = nameOfDataset(await committedNames(flags, tools), dataset);
      const keys = await nameKeys([wanted], tools);
      const [result] = await followNames([wanted], {
        names,
        keys,
        // Who types the command has looked; a merge and heal count the copies.
        hasCopies: () => true,
        now: () => tools.clock().getTime(),
        signal: tools.signal,
        ...(flags.lifetime !== undefined && { lifetimeMs: durationOf('lifetime', flags.lifetime) }),
        ...(flags.ttl !== undefined && { ttlMs: durationOf('ttl', flags.ttl) }),
      });
      if (result === undefined) throw new TypeError('one name gives one result');
      if (result.outcome === 'no-key')
        throw new Misuse(
          keys.size === 0
            ? `there is no key for ${wanted.name}, the name of ${dataset}`
            : `the policy says ${wanted.name} for ${dataset}, and the key here is that of ${[...keys.keys()].join(', ')}`,
          'set HOLDFAST_NAME_KEY_FILE to the file that holdfast name key wrote, or put it back in its folder',
        );
      const ok =
        result.outcome === 'published' || result.outcome === 'renewed' || result.outcome === 'current';
      return {
        exitCode: ok ? exitCode.ok : result.outcome === 'failed' ? exitCode.world : exitCode.problems,
        result: { action: 'publish', ...result },
        quiet: wanted.name,
        text: (paint) => nameText(result, paint),
      };
    } finally {
      names.stop();
    }
  },
};
