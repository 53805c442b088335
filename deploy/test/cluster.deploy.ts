import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Machine } from './machine.ts';
import { Network } from './network.ts';
import { addText, copies, install, setPeers, startNodes, startServices, until, untilPeers } from './nodes.ts';

let network: Network;
let nodes: Machine[];
beforeAll(async () => {
  network = await Network.open();
  nodes = await startNodes(network);
});
afterAll(() => network?.[Symbol.asyncDispose]());

const first = () => nodes[0] as Machine;

describe('the shipped configuration', () => {
  it('starts Kubo and Cluster on three machines, which keep two copies in two regions', async () => {
    const cid = await addText(first(), 'tides');
    await first().cluster(`/pins/${cid}?replication-min=2&replication-max=2`, 'POST');
    await until('two copies', async () => (await copies(first(), cid)) === 2);
  });

  it('keeps secrets out of service.json and from other users', async () => {
    const seen = await first().sh('jq -r .cluster.secret /var/lib/ipfs-cluster/service.json');
    expect(seen.trim()).toBe('');
    for (const file of ['cluster.env', 'passwords', 'rpc.htpasswd'])
      expect((await first().sh(`stat -c %a /etc/holdfast/${file}`)).trim()).toBe('600');
    const secret = (await first().sh('sed -n s/CLUSTER_SECRET=//p /etc/holdfast/cluster.env')).trim();
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect(await first().sh(`grep -rlF ${secret} /var/lib/ipfs-cluster || true`)).toBe('');
  });

  it('makes secrets once', async () => {
    const again = await first().try('scripts/make-secrets');
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('use rotate-secret') });
  });

  it('asks for the password of the cluster API', async () => {
    const status = (auth: string) =>
      first().sh(`curl -s -o /dev/null -w '%{http_code}' ${auth} http://127.0.0.1:9094/id`);
    expect(await status('')).toBe('401');
    expect(await status('-u holdfast:wrong')).toBe('401');
  });

  it('keeps identities when it is installed again', async () => {
    const before = await first().sh('cat /etc/holdfast/node');
    expect(await install(first(), 'eu')).toBe(before.trim());
    await first().sh(
      'scripts/set-peers /etc/holdfast/peers.txt 2>/dev/null || scripts/set-peers /root/peers.txt',
    );
  });

  it.each([
    ['no leader', "sed 's/ leader / follower /' /root/peers.txt", 'no leader'],
    ['a peer twice', 'cat /root/peers.txt /root/peers.txt', 'is there twice'],
    ['a cut line', "cut -d' ' -f1-5 /root/peers.txt", 'not a line of install-node'],
    ['another machine alone', 'grep -v ^n1 /root/peers.txt', 'no line of this machine'],
  ])('refuses a list of peers with %s', async (_, make, message) => {
    const before = await first().sh('sha256sum /var/lib/ipfs-cluster/service.json');
    const refused = await first().try(`${make} > /root/bad.txt; scripts/set-peers /root/bad.txt`);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining(message) });
    expect(await first().sh('sha256sum /var/lib/ipfs-cluster/service.json')).toBe(before);
  });
});

describe('a follower', () => {
  it('changes nothing with its writes, even where it trusts itself', async () => {
    const cid = await addText(first(), 'kept');
    await first().cluster(`/pins/${cid}?replication-min=3&replication-max=3`, 'POST');
    await until('three copies', async () => (await copies(first(), cid)) === 3);
    const follower = await network.machine('f1');
    const secrets = await first().sh('tar -C /etc/holdfast -cf - cluster.env | base64 -w0');
    await follower.sh(`mkdir -p /etc/holdfast; base64 -d <<<'${secrets}' | tar -C /etc/holdfast -xf -`);
    const line = await install(follower, 'eu', 'follower');
    const leaders = (await first().sh('cat /root/peers.txt')).trim().split('\n');
    await setPeers(follower, [...leaders, line]);
    const file = '/var/lib/ipfs-cluster/service.json';
    // A rogue changes its own configuration; only what the leaders do counts.
    await follower.sh(
      `jq '.consensus.crdt.trusted_peers = ["*"]' ${file} > /root/rogue.json; cat /root/rogue.json > ${file}`,
    );
    await startServices(follower);
    await until('the follower has the pin', async () =>
      (await follower.cluster('/allocations?filter=all')).includes(cid),
    );
    await untilPeers(first(), 4);
    const wanted = await addText(follower, 'unwanted');
    await follower.cluster(`/pins/${cid}`, 'DELETE');
    await follower.cluster(`/pins/${wanted}?replication-min=-1&replication-max=-1`, 'POST');
    await until('the rogue believes itself', async () => {
      const own = await follower.cluster('/allocations?filter=all');
      return own.includes(wanted) && !own.includes(cid);
    });
    // A write of a leader comes through after the rogue's: what was to arrive has arrived.
    const later = await addText(first(), 'later');
    await first().cluster(`/pins/${later}?replication-min=3&replication-max=3`, 'POST');
    await until('the later pin everywhere', async () => (await copies(first(), later)) === 3);
    for (const node of nodes) {
      const pins = await node.cluster('/allocations?filter=all');
      expect(pins).toContain(cid);
      expect(pins).not.toContain(wanted);
    }
    expect(await copies(first(), cid)).toBe(3);
  });
});

describe('the units', () => {
  const units = execFileSync('git', ['ls-files', 'systemd/*.service'], {
    encoding: 'utf8',
    cwd: `${import.meta.dirname}/..`,
  })
    .trim()
    .split('\n');

  it.each(units)('%s verifies without a word, and is closed', async (unit) => {
    // On a machine, where its program is.
    const said = await first().try(`systemd-analyze verify ./${unit} 2>&1`);
    expect(said).toMatchObject({ code: 0, stdout: '' });
    const report = await first().sh(`systemd-analyze security --offline=true ./${unit}`);
    expect(Number(/Overall exposure level for \S+ ([\d.]+)/.exec(report)?.[1])).toBeLessThanOrEqual(2);
  });

  it('would be seen with a misspelt key', async () => {
    const said = await first().try(
      `sed 's/^ProtectClock/ProtectKlock/' systemd/kubo.service > /root/kubo.service; systemd-analyze verify /root/kubo.service 2>&1`,
    );
    expect(said.stdout).toContain('ProtectKlock');
  });
});
