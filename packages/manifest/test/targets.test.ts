import { describe, expect, it } from 'vitest';
import { parseTargets } from '../src/internal.ts';

const read = (value: unknown) =>
  parseTargets(new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value, null, 2)), {
    file: 'targets.json',
  });
const problemsOf = (value: unknown) => {
  const result = read(value);
  return result.ok ? [] : result.problems.map(({ path, message }) => `${path} ${message}`);
};
const one = (place: object) => ({ targets: [{ name: 'lab', ...place }] });

describe('a targets file', () => {
  it.each([
    ['a cluster by one address', one({ kind: 'cluster', url: 'https://cluster.example.org:9094' })],
    ['nodes by several', one({ kind: 'kubo', urls: ['http://10.0.0.1:5001', 'http://10.0.0.2:5001'] })],
    ['a service', one({ kind: 'pinning-service', url: 'https://api.example.org/psa' })],
    ['a folder', one({ kind: 'local', folder: '../copies' })],
    [
      'regions with a quorum, and one as the default',
      {
        default: 'north',
        targets: [
          { name: 'a', kind: 'local', folder: 'a', region: 'north' },
          { name: 'b', kind: 'local', folder: 'b', gateways: ['https://gateway.example.org'] },
          { name: 'c', kind: 'local', folder: 'c', region: 'south' },
        ],
        regions: { north: { targets: ['a', 'b'], quorum: 2 }, south: { targets: ['c'] } },
      },
    ],
    [
      'phases of a rollout',
      {
        targets: [
          { name: 'a', kind: 'local', folder: 'a', region: 'north' },
          { name: 'b', kind: 'local', folder: 'b' },
        ],
        rollout: {
          phases: [
            { name: 'canary', places: ['b'] },
            { name: 'half', places: ['north'], percent: 50 },
          ],
          until: 'canary',
          blocks: 8,
          p95Ms: 2000,
          prove: 'require',
          phaseMinutes: 30,
        },
      },
    ],
    ['all of its targets as the default', { default: 'all', ...one({ kind: 'local', folder: 'a' }) }],
    [
      'a variable for its credential, and a default',
      { default: 'lab', ...one({ kind: 'cluster', url: 'https://a.example', auth: { env: 'LAB_AUTH' } }) },
    ],
  ])('may have %s', (_, value) => {
    expect(problemsOf(value)).toEqual([]);
    expect(read(value)).toMatchObject({ ok: true, value });
  });

  it.each([
    [
      'a kind that is none',
      one({ kind: 'cloud', url: 'https://a.example' }),
      '/targets/0/kind expected one of',
    ],
    [
      'a folder for a cluster',
      one({ kind: 'cluster', folder: 'a' }),
      'a target of kind cluster has "url" or "urls"',
    ],
    ['an address for a folder', one({ kind: 'local', url: 'https://a.example' }), 'kind local has "folder"'],
    [
      'two places',
      one({ kind: 'cluster', url: 'https://a.example', urls: ['https://b.example'] }),
      'no other place',
    ],
    [
      'several addresses of a service',
      one({ kind: 'pinning-service', urls: ['https://a.example'] }),
      'has "url"',
    ],
    [
      'a phase for a place that is not there',
      {
        ...one({ kind: 'local', folder: 'a' }),
        rollout: { phases: [{ name: 'x', places: ['lab', 'labs'] }] },
      },
      '/rollout/phases/0/places/1 there is no target and no region "labs" in this file',
    ],
    [
      'two phases of one name',
      { ...one({ kind: 'local', folder: 'a' }), rollout: { phases: [{ name: 'x' }, { name: 'x' }] } },
      '/rollout/phases/1/name the name "x" is taken by phase 0 already',
    ],
    [
      'a stop after a phase that is not there',
      { ...one({ kind: 'local', folder: 'a' }), rollout: { phases: [{ name: 'x' }], until: 'y' } },
      '/rollout/until there is no phase "y" in this file',
    ],
    [
      'more than all of the copies',
      { ...one({ kind: 'local', folder: 'a' }), rollout: { phases: [{ name: 'x', percent: 101 }] } },
      '/rollout/phases/0/percent',
    ],
    ['a secret as a member', one({ kind: 'cluster', url: 'https://a.example', token: 'x' }), 'token'],
    [
      'a name for a path',
      one({ name: '../lab', kind: 'local', folder: 'a' }),
      '/targets/0/name expected a name',
    ],
    [
      'an address of another scheme',
      one({ kind: 'cluster', url: 'ftp://a.example' }),
      '/targets/0/url expected',
    ],
    [
      'a variable that is none',
      one({ kind: 'cluster', url: 'https://a.example', auth: { env: 'a-b' } }),
      '/env',
    ],
    [
      'an unknown default',
      { default: 'prod', targets: [] },
      '/default there is no target "prod" in this file',
    ],
    [
      'a region with a target that is not there',
      { ...one({ kind: 'local', folder: 'a' }), regions: { north: { targets: ['prod'] } } },
      '/regions/north/targets/0 there is no target "prod" in this file',
    ],
    [
      'a target in two regions',
      {
        ...one({ kind: 'local', folder: 'a' }),
        regions: { north: { targets: ['lab'] }, south: { targets: ['lab'] } },
      },
      '/regions/south/targets/0 the target "lab" is in the region "north" already',
    ],
    [
      'a target with another region than its group',
      { ...one({ kind: 'local', folder: 'a', region: 'south' }), regions: { north: { targets: ['lab'] } } },
      '/regions/north/targets/0 the target "lab" is in the region "south" already',
    ],
    [
      'a quorum that cannot be reached',
      { ...one({ kind: 'local', folder: 'a' }), regions: { north: { targets: ['lab'], quorum: 2 } } },
      '/regions/north/quorum a quorum of 2 is more than the 1 targets of the region',
    ],
    ['regions that are none', { ...one({ kind: 'local', folder: 'a' }), regions: ['north'] }, '/regions'],
    [
      'a name twice',
      { targets: ['a', 'b'].map((folder) => ({ name: 'lab', kind: 'local', folder })) },
      '/targets/1/name the name "lab" is taken by entry 0 already',
    ],
    [
      'more than a hundred',
      { targets: Array.from({ length: 101 }, (_, i) => ({ name: `t${i}`, kind: 'local', folder: 'a' })) },
      '/targets',
    ],
    ['no object', '[]', 'expected'],
    ['no target', { targets: [] }, '/targets expected from 1 to 100 entries, got 0'],
    ['half of it', '{ "targets": [', 'expected'],
    ['a member twice', '{ "targets": [], "targets": [] }', 'targets'],
  ])('may not have %s', (_, value, message) => {
    expect(problemsOf(value).join('\n')).toContain(message);
  });

  it.each(['https://me:s3cret@a.example', 'https://a.example/?key=s3cret', 'https://a.example/#s3cret'])(
    'refuses %s and does not repeat it',
    (url) => {
      const result = read(one({ kind: 'cluster', url }));
      if (result.ok) throw new Error('it was taken');
      expect(result.problems[0]).toMatchObject({
        path: '/targets/0/url',
        hint: 'leave the credential out and run holdfast login NAME',
      });
      expect(JSON.stringify(result.problems)).not.toContain('s3cret');
    },
  );

  it('says where: file, line and column', () => {
    const result = read(one({ kind: 'cloud', url: 'https://a.example' }));
    expect(result).toMatchObject({ ok: false, problems: [{ file: 'targets.json', line: 5, column: 15 }] });
  });
});
