import { escapeText } from '@holdfast/manifest/text';
import { exitCode } from '../frame/exit-code.ts';
import { committedNames, nameOfDataset } from './committed-names.ts';
import type { NameAction } from './name-command.ts';
import { resolvedShape } from './resolved-shape.ts';
import { openReadNames } from './router-flags.ts';

/** Says where a name points now. */
export const resolveAction: NameAction = {
  operands: 'DATASET|NAME',
  arity: [1, 1],
  async run([operand = ''], flags, tools) {
    const name = /^k51[0-9a-z]{59}$/.test(operand)
      ? operand
      : nameOfDataset(await committedNames(flags, tools), operand).name;
    const names = openReadNames(flags, tools);
    try {
      const resolved = await names.resolve(name, { signal: tools.signal });
      return {
        exitCode: resolved.stale ? exitCode.problems : exitCode.ok,
        result: { action: 'resolve', ...resolvedShape(name, resolved) },
        quiet: resolved.value,
        text: (paint) =>
          [
            resolved.value,
            paint.dim(
              `sequence ${resolved.sequence}, valid until ${resolved.validUntil.toISOString()}, from ${escapeText(resolved.source)}`,
            ),
            ...(resolved.stale
              ? [paint.yellow('no router confirmed it now: this is the highest record seen before')]
              : []),
            ...(resolved.disagreed ? [paint.yellow('not all routers have this record yet')] : []),
          ].join('\n'),
      };
    } finally {
      names.stop();
    }
  },
};
