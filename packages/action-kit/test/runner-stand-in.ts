import { type Environment, Runner } from '../src/index.ts';

export interface StandIn {
  readonly runner: Runner;
  readonly log: () => string;
  readonly files: Readonly<Record<string, string>>;
}

/** A runner in memory. */
export function standIn(environment: Environment = {}, payload: unknown = {}): StandIn {
  let log = '';
  const files: Record<string, string> = {};
  const runner = new Runner({
    environment: {
      GITHUB_OUTPUT: 'output',
      GITHUB_STEP_SUMMARY: 'summary',
      GITHUB_EVENT_PATH: 'event',
      ...environment,
    },
    write: (text) => {
      log += text;
    },
    append: (path, text) => {
      files[path] = (files[path] ?? '') + text;
    },
    read: () => JSON.stringify(payload),
    random: () => 'random',
  });
  return { runner, log: () => log, files };
}
