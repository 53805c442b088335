import {
  choice,
  duration,
  flag,
  type Input,
  InputFault,
  type Inputs,
  integer,
  lines,
  Misuse,
  optional,
  patterns,
  type Runner,
  readInputs,
  secret,
  textInput as text,
  url,
  withDefault,
} from '@holdfast/action-kit';
import { maskKey } from './dataset-names.ts';
import { CommandError, commandWords } from './scan/command-words.ts';

/** An API on the user's own network, which may work without TLS. No credentials: errors would show them. */
const api: Input<string> = {
  parse: (value) => {
    const parsed = URL.canParse(value) ? new URL(value) : undefined;
    if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) {
      throw new InputFault('expected an address such as https://cluster.example.org:9094');
    }
    if (parsed.username !== '' || parsed.password !== '') {
      throw new InputFault('expected an address without credentials in it; use the input for them');
    }
    if (parsed.search !== '' || parsed.hash !== '') {
      throw new InputFault('expected an address without a query or fragment');
    }
    return value;
  },
};

const command: Input<readonly [string, ...string[]]> = {
  parse: (value) => {
    try {
      return commandWords(value);
    } catch (error) {
      if (error instanceof CommandError) throw new InputFault(error.message);
      throw error;
    }
  },
};

/** Private keys as files hold them; what is in it is read later, and never shown. */
const keyText: Input<string> = { parse: (value) => value };

const definitions = {
  'cluster-url': optional(lines(api)),
  'cluster-auth': optional(secret()),
  'kubo-url': optional(lines(api)),
  'kubo-auth': optional(secret()),
  // Their old names.
  'ipfs-api': optional(lines(api)),
  'ipfs-auth': optional(secret()),
  'pinning-service': optional(api),
  'pinning-service-token': optional(secret()),
  targets: optional(text()),
  rollout: withDefault(flag, false),
  manifests: withDefault(patterns, ['manifests/**/*.json']),
  'public-keys': withDefault(text(), 'public-keys'),
  mode: withDefault(choice('auto', 'changed', 'all'), 'auto'),
  'dry-run': withDefault(flag, false),
  wait: withDefault(choice('min', 'max', 'none'), 'min'),
  timeout: withDefault(duration, 1_800_000),
  concurrency: withDefault(integer(1, 256), 16),
  'on-withdraw': withDefault(choice('keep', 'unpin'), 'keep'),
  'scan-command': optional(command),
  prove: withDefault(choice('off', 'auto', 'require'), 'auto'),
  'prove-blocks': withDefault(integer(1, 100_000), 16),
  'prove-mib': withDefault(integer(1, 1_000_000), 1024),
  'verify-retrieval': withDefault(choice('sample', 'all', 'off'), 'sample'),
  gateways: withDefault(lines(url), []),
  routers: withDefault(lines(api), []),
  'name-key': optional(secret(keyText)),
  'github-token': optional(secret()),
  comment: withDefault(flag, true),
  status: withDefault(flag, true),
  receipt: optional(text()),
  'fail-on': withDefault(choice('degraded', 'failed'), 'degraded'),
};

export type ActionInputs = Inputs<typeof definitions>;

/** A timer for more than 24.8 days would fire at once. */
const longestTimeoutMs = 24 * 24 * 3_600_000;

/** The inputs; for the cluster, the environment by default. What makes no sense together is refused by name. */
export function readActionInputs(runner: Runner): ActionInputs {
  const { CLUSTER_URL, CLUSTER_AUTH } = runner.environment;
  maskParts(runner, CLUSTER_AUTH ?? '');
  for (const name of ['cluster-auth', 'kubo-auth', 'ipfs-auth', 'pinning-service-token'])
    maskParts(runner, runner.input(name));
  maskKey(runner, runner.input('name-key'));
  const given = readInputs(definitions, runner);
  for (const [old, name] of [
    ['ipfs-api', 'kubo-url'],
    ['ipfs-auth', 'kubo-auth'],
  ] as const) {
    if (given[old] !== undefined)
      runner.line(
        `note: input "${old}" is now "${name}"; change it in the workflow, the old name still works`,
      );
  }
  const isOne = given.targets === undefined;
  const inputs = {
    ...given,
    'cluster-url': given['cluster-url'] ?? (isOne ? fromEnvironment('CLUSTER_URL', CLUSTER_URL) : undefined),
    'cluster-auth': given['cluster-auth'] ?? (isOne ? CLUSTER_AUTH?.trim() || undefined : undefined),
    'kubo-url': given['kubo-url'] ?? given['ipfs-api'],
    'kubo-auth': given['kubo-auth'] ?? given['ipfs-auth'],
  };
  const faults = contradictions(inputs);
  if (faults.length > 0) throw new Misuse(faults);
  return inputs;
}

/** The secret in each form that travels: whole, the password alone, and encoded for a header. */
export function maskParts(runner: Runner, given: string): void {
  const value = given.trim();
  if (value === '') return;
  runner.mask(value);
  runner.mask(Buffer.from(value).toString('base64'));
  const colon = value.indexOf(':');
  if (colon > 0) runner.mask(value.slice(colon + 1));
}

function fromEnvironment(name: string, value: string | undefined): readonly string[] | undefined {
  if (value === undefined || value.trim() === '') return undefined;
  try {
    return lines(api).parse(value);
  } catch (error) {
    if (error instanceof InputFault) throw new Misuse([`environment variable ${name} ${error.message}`]);
    throw error;
  }
}

function contradictions(inputs: ActionInputs): string[] {
  const faults: string[] = [];
  const needs = (name: keyof ActionInputs, other: keyof ActionInputs) => {
    if (inputs[name] !== undefined && inputs[other] === undefined) {
      faults.push(`input "${name}" expected "${other}" with it, got none`);
    }
  };
  for (const name of ['cluster-auth', 'kubo-auth'] as const) {
    if (/^:|:$/.test(inputs[name] ?? '')) {
      faults.push(`input "${name}" expected a bearer token or user:password, got an empty user or password`);
    }
  }
  for (const name of ['cluster-auth', 'kubo-auth', 'pinning-service-token'] as const) {
    const token = inputs[name] ?? '';
    const basic = token.includes(':') && name !== 'pinning-service-token';
    if (!basic && !/^[\x21-\x7e]*$/.test(token)) {
      faults.push(
        `input "${name}" expected a token of printable ASCII without spaces, got something else in it: is there a line break?`,
      );
    }
  }
  needs('cluster-auth', 'cluster-url');
  needs('kubo-auth', 'kubo-url');
  needs('pinning-service', 'pinning-service-token');
  needs('pinning-service-token', 'pinning-service');
  for (const name of ['cluster-url', 'pinning-service'] as const) {
    if (inputs.targets !== undefined && inputs[name] !== undefined)
      faults.push(
        `inputs "targets" and "${name}" expected one of them, got both; name it in the targets file`,
      );
  }
  if (inputs.targets !== undefined && inputs['kubo-url'] !== undefined && !inputs['scan-command'])
    faults.push(
      'inputs "targets" and "kubo-url" expected one of them, got both; name it in the targets file',
    );
  if (inputs['pinning-service'] !== undefined && inputs['cluster-url'] !== undefined) {
    faults.push(
      'inputs "cluster-url" and "pinning-service" expected one of them, got both; use a step for each',
    );
  }
  if (
    inputs['pinning-service'] !== undefined &&
    inputs['kubo-url'] !== undefined &&
    !inputs['scan-command']
  ) {
    faults.push(
      'inputs "kubo-url" and "pinning-service" expected one of them, got both; use a step for each',
    );
  }
  if (
    inputs['scan-command'] !== undefined &&
    inputs.gateways.length === 0 &&
    inputs['kubo-url'] === undefined
  ) {
    faults.push(
      'input "scan-command" expected "gateways" or "kubo-url" to read the content from, got neither',
    );
  }
  if (inputs['name-key'] !== undefined && inputs.routers.length === 0)
    faults.push('input "name-key" expected "routers" with it, which keep the name, got none');
  if (inputs.timeout === 0) faults.push('input "timeout" expected more than 0, got 0');
  if (inputs.timeout > longestTimeoutMs)
    faults.push('input "timeout" expected at most 24 days (576h), got more');
  return faults;
}
