import { patternFaults } from '@holdfast/manifest/internal';
import { type Input, InputFault, lines, text } from './input.ts';

const atMost = 64;

/** Patterns of paths, one a line, read as the rules of a policy are: those that nothing can match are refused. */
export const patterns: Input<readonly string[]> = {
  parse: (value) => {
    const listed = lines(text()).parse(value);
    if (listed.length > atMost)
      throw new InputFault(`expected at most ${atMost} lines, got ${listed.length}`);
    const [fault] = patternFaults(listed);
    if (fault === undefined) return listed;
    throw new InputFault(fault.hint === undefined ? fault.message : `${fault.message}; ${fault.hint}`);
  },
};
