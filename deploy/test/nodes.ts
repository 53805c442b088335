import { setTimeout as sleep } from 'node:timers/promises';
import type { Machine } from './machine.ts';
import type { Network } from './network.ts';

const regions = ['eu', 'us', 'ap'];

/** Empty machines that the shipped scripts and files make a cluster of. */
export async function startNodes(network: Network, leaders = 3): Promise<Machine[]> {
  const machines: Machine[] = [];
  for (let index = 0; index < leaders; index++) machines.push(await network.machine(`n${index + 1}`));
  const [first] = machines;
  if (!first) throw new Error('a cluster has at least one machine');
  await first.sh('scripts/make-secrets');
  const secrets = await first.sh('tar -C /etc/holdfast -cf - . | base64 -w0');
  for (const machine of machines.slice(1)) await copySecrets(machine, secrets);
  const lines = await Promise.all(machines.map((machine, index) => install(machine, regions[index] ?? 'eu')));
  await Promise.all(machines.map((machine) => setPeers(machine, lines)));
  await startServices(first);
  await Promise.all(machines.slice(1).map(startServices));
  await untilPeers(first, leaders);
  return machines;
}

export async function copySecrets(machine: Machine, secrets: string): Promise<void> {
  await machine.sh(`mkdir -p /etc/holdfast; base64 -d <<<'${secrets}' | tar -C /etc/holdfast -xf -`);
}

export async function install(machine: Machine, region: string, role = 'leader'): Promise<string> {
  const line = await machine.sh(
    `scripts/install-node --name ${machine.name} --region ${region} --address ${machine.address} --storage 1GB --role ${role}`,
  );
  return line.trim();
}

export async function setPeers(machine: Machine, lines: readonly string[]): Promise<void> {
  await machine.sh(
    `printf '%s\\n' '${lines.join("' '")}' > /root/peers.txt; scripts/set-peers /root/peers.txt`,
  );
}

export async function startServices(machine: Machine): Promise<void> {
  const kubo = await machine.startUnit('kubo');
  await kubo.until('its RPC answers', async () =>
    (await machine.try('curl -sf -X POST http://127.0.0.1:5001/api/v0/id')).code === 0 ? true : undefined,
  );
  const cluster = await machine.startUnit('ipfs-cluster');
  await cluster.until('it is ready', async () => cluster.wrote('IPFS Cluster is READY') || undefined);
}

/** Until this peer can call so many, and has their metrics, so that it may allocate to them. */
export async function untilPeers(machine: Machine, count: number): Promise<void> {
  await until(`${machine.name} sees ${count} peers`, async () => {
    const peers = jsonLines<{ error: string }>(await machine.cluster('/peers'));
    if (peers.filter((peer) => peer.error === '').length !== count) return false;
    for (const metric of ['freespace', 'tag:region', 'ping']) {
      const metrics = JSON.parse(await machine.cluster(`/monitor/metrics/${metric}`)) as { valid: boolean }[];
      if (metrics.filter((it) => it.valid).length !== count) return false;
    }
    return true;
  });
}

export async function until(what: string, holds: () => Promise<boolean>, seconds = 120): Promise<void> {
  const end = Date.now() + seconds * 1_000;
  let last: unknown;
  while (Date.now() < end) {
    try {
      if (await holds()) return;
      last = undefined;
    } catch (error) {
      last = error;
    }
    await sleep(300);
  }
  throw new Error(`expected within ${seconds} s: ${what}`, { cause: last });
}

export const jsonLines = <T>(text: string): T[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as T);

/** Adds a file to the machine's node, unpinned, and gives its CID. */
export async function addText(machine: Machine, text: string): Promise<string> {
  const cid = await machine.sh(
    `printf '%s' '${text}' | curl -sS --fail-with-body -F file=@- 'http://127.0.0.1:5001/api/v0/add?pin=false&cid-version=1' | jq -r .Hash`,
  );
  return cid.trim();
}

/** How many peers say that they have the CID pinned, as `machine` sees it. */
export async function copies(machine: Machine, cid: string): Promise<number> {
  const status = JSON.parse(await machine.cluster(`/pins/${cid}`)) as {
    peer_map: Record<string, { status: string }>;
  };
  return Object.values(status.peer_map).filter((peer) => peer.status === 'pinned').length;
}
