import { Misuse } from '@holdfast/action-kit';
import { describe, expect, it } from 'vitest';
import { standIn } from '../../../packages/action-kit/test/runner-stand-in.ts';
import { readActionInputs } from '../src/inputs.ts';
import { authOf } from '../src/targets.ts';

/** The inputs as a workflow gives them, and what was written to the runner meanwhile. */
function read(given: Readonly<Record<string, string>>, environment: Readonly<Record<string, string>> = {}) {
  const variables = Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
  const { runner, log } = standIn({ ...environment, ...Object.fromEntries(variables) });
  return { inputs: () => readActionInputs(runner), written: log };
}

function faultsOf(given: Readonly<Record<string, string>>, environment = {}): readonly string[] {
  try {
    read(given, environment).inputs();
    return [];
  } catch (error) {
    if (error instanceof Misuse) return error.faults;
    throw error;
  }
}

describe('inputs', () => {
  it('with an old name still count, and the log has the new name', () => {
    const { inputs, written } = read({ 'ipfs-api': 'http://10.0.0.1:5001', 'ipfs-auth': 'user:password' });
    expect(inputs()).toMatchObject({ 'kubo-url': ['http://10.0.0.1:5001'], 'kubo-auth': 'user:password' });
    expect(written()).toContain('note: input "ipfs-api" is now "kubo-url"');
    expect(written()).toContain('::add-mask::password');
    expect(read({ 'ipfs-api': 'http://10.0.0.1:1', 'kubo-url': 'http://10.0.0.1:2' }).inputs()).toMatchObject(
      {
        'kubo-url': ['http://10.0.0.1:2'],
      },
    );
  });

  it('with a private key are masked line by line, and need routers', () => {
    const key = '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIHVhc2Vk\n-----END PRIVATE KEY-----';
    const routers = 'http://10.0.0.1:8080\nhttp://10.0.0.2:8080';
    const { inputs, written } = read({ 'name-key': key, routers });
    expect(inputs()).toMatchObject({ 'name-key': key, routers: routers.split('\n') });
    expect(written()).toContain('::add-mask::MC4CAQAwBQYDK2VwBCIEIHVhc2Vk\n');
    expect(faultsOf({ 'name-key': key })).toEqual([
      'input "name-key" expected "routers" with it, which keep the name, got none',
    ]);
  });

  it('have defaults', () => {
    expect(read({}).inputs()).toMatchObject({
      manifests: ['manifests/**/*.json'],
      'public-keys': 'public-keys',
      mode: 'auto',
      'dry-run': false,
      wait: 'min',
      timeout: 1_800_000,
      concurrency: 16,
      'on-withdraw': 'keep',
      'verify-retrieval': 'sample',
      'fail-on': 'degraded',
    });
  });

  it.each([
    [{ 'dry-run': 'on' }, 'input "dry-run" expected true or false, got "on"'],
    [{ mode: 'everything' }, 'input "mode" expected auto, changed, all, got "everything"'],
    [
      { manifests: '!manifests/skip/**' },
      'input "manifests" expected a pattern without "!" before it: each pattern takes out, so that no path matches',
    ],
    [
      { manifests: './/manifests/**' },
      'input "manifests" expected a pattern of paths relative to the repository, such as manifests/tides/**, got ".//manifests/**"',
    ],
    [{ wait: 'all' }, 'input "wait" expected min, max, none, got "all"'],
    [{ timeout: '30' }, 'input "timeout" expected a duration such as 90s, 20m or 1h, got "30"'],
    [{ timeout: '0s' }, 'input "timeout" expected more than 0, got 0'],
    [{ timeout: '900h' }, 'input "timeout" expected at most 24 days (576h), got more'],
    [
      { 'cluster-url': 'https://cluster.example.org:9094/?token=x' },
      'input "cluster-url" expected an address without a query or fragment',
    ],
    [
      { 'cluster-url': 'https://c.example.org', 'cluster-auth': 'tok en' },
      'input "cluster-auth" expected a token of printable ASCII without spaces',
    ],
    [
      { 'pinning-service': 'https://p.example.org', 'pinning-service-token': 'a:b\nc' },
      'input "pinning-service-token" expected a token of printable ASCII without spaces',
    ],
    [{ concurrency: '0' }, 'input "concurrency" expected a whole number from 1 to 256, got "0"'],
    [{ 'on-withdraw': 'delete' }, 'input "on-withdraw" expected keep, unpin, got "delete"'],
    [
      { 'cluster-url': 'cluster:9094' },
      'input "cluster-url" expected an address such as https://cluster.example.org:9094',
    ],
    [{ 'cluster-auth': 'token-1' }, 'input "cluster-auth" expected "cluster-url" with it, got none'],
    [
      { 'pinning-service': 'https://pin.example.org' },
      'input "pinning-service" expected "pinning-service-token" with it, got none',
    ],
    [
      { 'scan-command': 'scan -' },
      'input "scan-command" expected "gateways" or "kubo-url" to read the content from, got neither',
    ],
    [
      { 'scan-command': 'scan | x', gateways: 'https://g.example.org' },
      'input "scan-command" expected a program and its arguments, got |',
    ],
    [{ gateways: 'http://gateway.example.org' }, 'input "gateways" expected an https address'],
    [
      { cluster_url: 'https://x.example.org' },
      'input "cluster_url" is not known; did you mean "cluster-url"?',
    ],
  ])('%j is refused by name', (given, message) => {
    expect(faultsOf(given).join('\n')).toContain(message);
  });

  it('are refused all at once', () => {
    expect(faultsOf({ mode: 'x', wait: 'y' })).toHaveLength(2);
  });

  it('never show an address with a password in it', () => {
    const faults = faultsOf({ 'cluster-url': 'https://pinner:secret-word@cluster.example.org' }).join('\n');
    expect(faults).toContain('without credentials');
    expect(faults).not.toContain('secret-word');
    const fromEnvironment = faultsOf(
      {},
      { CLUSTER_URL: 'https://pinner:secret-word@cluster.example.org' },
    ).join('\n');
    expect(fromEnvironment).toContain('environment variable CLUSTER_URL');
    expect(fromEnvironment).not.toContain('secret-word');
  });

  it('mask a secret in every spelling before anything else is written', () => {
    const { inputs, written } = read({
      'cluster-url': 'https://c.example.org',
      'cluster-auth': 'pinner:secret-word',
    });
    inputs();
    for (const spelling of [
      'pinner:secret-word',
      'secret-word',
      Buffer.from('pinner:secret-word').toString('base64'),
    ]) {
      expect(written()).toContain(`::add-mask::${spelling}\n`);
    }
    expect(
      written()
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('::add-mask::')),
    ).toEqual([]);
  });

  it('take the cluster from the environment where they are empty', () => {
    const environment = {
      CLUSTER_URL: 'https://a.example.org\nhttps://b.example.org',
      CLUSTER_AUTH: 'token-1',
    };
    expect(read({ 'cluster-url': '' }, environment).inputs()).toMatchObject({
      'cluster-url': ['https://a.example.org', 'https://b.example.org'],
      'cluster-auth': 'token-1',
    });
  });
});

describe('a secret', () => {
  it('is user and password where it has a colon, and a token where not', () => {
    expect(authOf('pinner:a:b')).toEqual({ basic: { user: 'pinner', password: 'a:b' } });
    expect(authOf('token-1')).toEqual({ bearer: 'token-1' });
    expect(authOf(undefined)).toBeUndefined();
  });
});
