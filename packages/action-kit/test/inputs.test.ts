import { describe, expect, it } from 'vitest';
import {
  choice,
  duration,
  flag,
  integer,
  lines,
  Misuse,
  optional,
  readInputs,
  secret,
  textInput,
  url,
  withDefault,
} from '../src/index.ts';
import { standIn } from './runner-stand-in.ts';

const definitions = {
  mode: withDefault(choice('changed', 'all'), 'changed'),
  strict: withDefault(flag, false),
  'public-keys': withDefault(textInput(), 'public-keys'),
  gateways: withDefault(lines(url), []),
  deadline: withDefault(duration, 60_000),
  concurrency: withDefault(integer(1, 64), 8),
  'github-token': optional(secret()),
};
const read = (environment: Record<string, string>) => readInputs(definitions, standIn(environment).runner);
const faults = (environment: Record<string, string>): readonly string[] => {
  try {
    read(environment);
    return [];
  } catch (error) {
    return error instanceof Misuse ? error.faults : [String(error)];
  }
};

describe('inputs', () => {
  it('have their defaults where they are empty or absent', () => {
    expect(read({ INPUT_MODE: '' })).toEqual({
      mode: 'changed',
      strict: false,
      'public-keys': 'public-keys',
      gateways: [],
      deadline: 60_000,
      concurrency: 8,
      'github-token': undefined,
    });
  });

  it('are typed', () => {
    expect(
      read({
        INPUT_STRICT: 'True',
        INPUT_GATEWAYS: 'https://a.example\n\n https://b.example ',
        INPUT_DEADLINE: '20m',
        INPUT_CONCURRENCY: '4',
      }),
    ).toMatchObject({
      strict: true,
      gateways: ['https://a.example', 'https://b.example'],
      deadline: 1_200_000,
      concurrency: 4,
    });
  });

  it.each([
    ['INPUT_MODE', 'everything', 'input "mode" expected changed, all, got "everything"'],
    ['INPUT_STRICT', 'on', 'input "strict" expected true or false, got "on"'],
    ['INPUT_STRICT', 'yes', 'input "strict" expected true or false, got "yes"'],
    ['INPUT_DEADLINE', '20', 'input "deadline" expected a duration such as 90s, 20m or 1h, got "20"'],
    ['INPUT_CONCURRENCY', '0', 'input "concurrency" expected a whole number from 1 to 64, got "0"'],
    ['INPUT_CONCURRENCY', '0x10', 'input "concurrency" expected a whole number from 1 to 64, got "0x10"'],
    [
      'INPUT_GATEWAYS',
      'http://a.example',
      'input "gateways" expected an https address, got "http://a.example"',
    ],
    [
      'INPUT_GATEWAYS',
      'https://u:p@a.example',
      'input "gateways" expected an address without credentials in it',
    ],
    [
      'INPUT_MANIFEST',
      'x',
      'input "manifest" is not known; the inputs are: mode, strict, public-keys, gateways, deadline, concurrency, github-token',
    ],
    ['INPUT_PUBLIC-KEY', 'x', 'input "public-key" is not known; did you mean "public-keys"?'],
  ])('%s=%s is refused by name', (variable, value, message) => {
    expect(faults({ [variable]: value })).toEqual([message]);
  });

  it('are refused all at once', () => {
    expect(faults({ INPUT_MODE: 'x', INPUT_STRICT: '1' })).toHaveLength(2);
  });

  it('that are secret are masked before anything is said', () => {
    const { runner, log } = standIn({ 'INPUT_GITHUB-TOKEN': 'ghs_secret', INPUT_MODE: 'ghs_secret' });
    expect(() => readInputs(definitions, runner)).toThrow(Misuse);
    expect(log()).toBe('::add-mask::ghs_secret\n');
  });
});
