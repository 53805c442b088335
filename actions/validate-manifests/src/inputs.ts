import {
  choice,
  duration,
  flag,
  type Input,
  InputFault,
  type Inputs,
  lines,
  optional,
  patterns,
  secret,
  textInput,
  url,
  withDefault,
} from '@holdfast/action-kit';
import { defaultManifests, defaultPublicKeys } from '@holdfast/repository';

const relative = /^(?!\/)(?!.*(?:^|\/)\.\.(?:\/|$))[^\\\p{C}]{1,512}$/u;
const reach = choice('auto', 'true', 'false');

/** One for each input of action.yml. A test compares the two. */
export const definitions = {
  manifests: withDefault(patterns, defaultManifests),
  'public-keys': withDefault(
    textInput(relative, 'a folder relative to the repository, without ".."'),
    defaultPublicKeys,
  ),
  mode: withDefault(choice('changed', 'all'), 'changed'),
  strict: withDefault(flag, false),
  'verify-content': withDefault(flag, false),
  retrievable: withDefault(reach, 'auto'),
  gateways: withDefault(atMost(16, lines(url)), []),
  'content-deadline': withDefault(duration, 20 * 60_000),
  comment: withDefault(reach, 'auto'),
  checks: withDefault(reach, 'auto'),
  'sarif-file': optional(textInput(/^[^\p{C}]{1,1024}$/u, 'a path')),
  'github-token': optional(secret()),
} as const;

export type ValidateInputs = Inputs<typeof definitions>;

function atMost<T>(limit: number, input: Input<readonly T[]>): Input<readonly T[]> {
  return {
    parse: (value) => {
      const items = input.parse(value);
      if (items.length > limit) throw new InputFault(`expected at most ${limit} lines, got ${items.length}`);
      return items;
    },
  };
}
