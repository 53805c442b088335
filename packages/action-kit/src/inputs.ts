import { nearest } from '@holdfast/manifest/text';
import { Misuse } from './failure.ts';
import { type Input, InputFault } from './input.ts';
import type { Runner } from './runner.ts';

type Definitions = Readonly<Record<string, Input<unknown>>>;
export type Inputs<D extends Definitions> = {
  readonly [Name in keyof D]: D[Name] extends Input<infer T> ? T : never;
};

/** Reads every input. Secrets are masked first; everything wrong is refused at once, each input by name. */
export function readInputs<const D extends Definitions>(definitions: D, runner: Runner): Inputs<D> {
  const { environment } = runner;
  const names = new Map(Object.keys(definitions).map((name) => [variable(name), name]));
  const faults: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, input] of Object.entries(definitions)) {
    const given = runner.input(name);
    if (input.secret) runner.mask(given);
    try {
      values[name] = given === '' ? missing(input) : input.parse(given);
    } catch (fault) {
      if (!(fault instanceof InputFault)) throw fault;
      // A secret stays out of the log, malformed or not.
      faults.push(`input "${name}" ${input.secret ? fault.message.replace(/, got .*$/, '') : fault.message}`);
    }
  }
  for (const key of Object.keys(environment)) {
    if (!key.startsWith('INPUT_') || names.has(key)) continue;
    const name = key.slice('INPUT_'.length).toLowerCase();
    const meant = nearest(name, names.values());
    faults.push(
      `input "${name}" is not known${meant ? `; did you mean "${meant}"?` : `; the inputs are: ${[...names.values()].join(', ')}`}`,
    );
  }
  if (faults.length > 0) throw new Misuse(faults);
  return values as Inputs<D>;
}

function missing(input: Input<unknown>): unknown {
  if (input.fallback === undefined) throw new InputFault('is required');
  return input.fallback.value;
}

/** The runner's rule: spaces become underscores, letters upper case, dashes stay. */
function variable(name: string): string {
  return `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`;
}
