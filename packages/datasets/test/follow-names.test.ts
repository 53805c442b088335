import { type Clock, systemClock } from '@holdfast/http';
import { generateKey, type Manifest, type Signer } from '@holdfast/manifest';
import { inlineFiles, ipnsNameOf } from '@holdfast/manifest/internal';
import { createNames, type NameNode } from '@holdfast/retrieval';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type RecordServer, recordServer } from '../../retrieval/test/names/record-server.ts';
import { type AcceptedManifest, type FollowPorts, followNames, wantedNames } from '../src/index.ts';

const one = { version: '1.0.0', cid: 'bafkreids7cj7if5qe2mnjbwkh4jjd3s67rcsug6qx4saasnt463tssx7iq' };
const two = { version: '1.10.0', cid: 'bafkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4' };
const key = generateKey();
const name = ipnsNameOf(key.publicKey.bytes);
const hour = 3_600_000;

function accepted(...versions: { version: string; cid: string; withdrawn?: object }[]): AcceptedManifest[] {
  return versions.map((version) => ({
    path: `manifests/tides-v${version.version}.json`,
    manifest: { dataset: { name: 'tides', ...version } } as unknown as Manifest,
    digest: '',
    trust: { ok: true } as AcceptedManifest['trust'],
    files: inlineFiles([]),
  }));
}

/** No time limit runs out and every node is waited for, however busy the machine. */
const sleep: Clock['sleep'] = (ms, signal) => systemClock.sleep(ms < 100 ? ms : 2 ** 31, signal);

/** Three routers, and the name of tides followed over them as often as asked. */
async function scene() {
  const servers = await Promise.all([recordServer(), recordServer(), recordServer()]);
  const nodes = servers.map(({ url }): NameNode => ({ kind: 'router', url }));
  const follow = async (
    versions: readonly AcceptedManifest[],
    changes: Partial<FollowPorts> & { at?: number } = {},
  ) => {
    const now = () => Date.now() + (changes.at ?? 0);
    const names = createNames(nodes, {
      clock: { now, sleep },
    });
    onTestFinished(() => names.stop());
    const [result, ...others] = await followNames(wantedNames(versions, new Map([['tides', name]])), {
      names,
      keys: new Map<string, Signer>([[name, key]]),
      hasCopies: () => true,
      now,
      signal: AbortSignal.timeout(60_000),
      ...changes,
    });
    expect(others).toEqual([]);
    return result;
  };
  return { servers, follow };
}

const written = (servers: readonly RecordServer[]) =>
  servers.flatMap(({ asked }) => asked).filter((method) => method === 'PUT').length;

describe('the name of a dataset', () => {
  it('follows its latest version, is left alone after that, and is renewed at half its time', async () => {
    const { servers, follow } = await scene();
    expect(await follow(accepted(one))).toMatchObject({
      outcome: 'published',
      id: 'tides@1.0.0',
      sequence: '1',
    });
    const both = accepted(one, two);
    expect(await follow(both)).toMatchObject({ outcome: 'published', id: 'tides@1.10.0', sequence: '2' });
    const writes = written(servers);
    expect(await follow(both)).toMatchObject({ outcome: 'current', cid: two.cid });
    expect(await follow(both, { at: 83 * hour })).toMatchObject({ outcome: 'current' });
    expect(written(servers)).toBe(writes);
    expect(await follow(both, { at: 85 * hour })).toMatchObject({ outcome: 'renewed', sequence: '2' });
  });

  it('stays while the new version has too few copies, and is kept alive there', async () => {
    const { follow } = await scene();
    const both = accepted(one, two);
    const hasCopies = (id: string) => id !== 'tides@1.10.0';
    expect(await follow(both, { hasCopies })).toMatchObject({
      outcome: 'waiting',
      reason: 'tides@1.10.0 has too few copies; the name is not published yet',
    });
    await follow(accepted(one));
    expect(await follow(both, { hasCopies })).toMatchObject({ outcome: 'waiting', id: 'tides@1.0.0' });
    expect(await follow(both, { hasCopies, at: 100 * hour })).toMatchObject({
      outcome: 'renewed',
      id: 'tides@1.0.0',
      reason: expect.stringMatching(
        /^tides@1.10.0 has too few copies; the name still points to tides@1.0.0 on /,
      ),
    });
    expect(await follow(both, { hasCopies: () => undefined })).toMatchObject({
      reason: expect.stringMatching(/^the copies of tides@1.10.0 were not looked at; /),
    });
  });

  it('goes back when the latest version is withdrawn', async () => {
    const { follow } = await scene();
    await follow(accepted(one, two));
    const withdrawn = { ...two, withdrawn: { reason: 'wrong units' } };
    expect(await follow(accepted(one, withdrawn))).toMatchObject({ outcome: 'published', id: 'tides@1.0.0' });
    expect(await follow(accepted(withdrawn))).toMatchObject({ outcome: 'waiting' });
  });

  it('is not touched in a dry run, nor without its key', async () => {
    const { servers, follow } = await scene();
    expect(await follow(accepted(one), { dryRun: true })).toMatchObject({
      outcome: 'due',
      id: 'tides@1.0.0',
    });
    const other = generateKey();
    const keys = new Map<string, Signer>([[ipnsNameOf(other.publicKey.bytes), other]]);
    expect(await follow(accepted(one), { keys })).toMatchObject({ outcome: 'no-key' });
    expect(written(servers)).toBe(0);
  });

  it('has failed where too few nodes take the record', async () => {
    const { servers, follow } = await scene();
    for (const server of servers.slice(1)) server.behaviour = 'fails';
    expect(await follow(accepted(one))).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('of 3 nodes'),
      todo: expect.stringContaining('Run again'),
    });
    for (const server of servers) server.behaviour = 'honest';
    expect(await follow(accepted(one))).toMatchObject({ outcome: 'published' });
  });
});
