import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Machine } from './machine.ts';
import { Network } from './network.ts';
import { addText, startNodes, until } from './nodes.ts';

const domain = 'ipfs.example.org';
/** nginx's workers outlive a master that is killed, but not the first process of a space of their own. */
const untilKilled = ['unshare', '--pid', '--fork', '--kill-child', '--'];
let network: Network;
let nodes: Machine[];
let client: Machine;
let cid: string;
let rpcPassword: string;
let apiPassword: string;

beforeAll(async () => {
  network = await Network.open();
  nodes = await startNodes(network);
  await first().sh(`scripts/install-proxy --domain ${domain}`);
  const nginx = first().serve('nginx', [...untilKilled, 'nginx', '-g', 'daemon off;']);
  await nginx.until('it listens', async () =>
    (await first().try('curl -sko /dev/null https://127.0.0.1')).code === 0 ? true : undefined,
  );
  client = await network.machine('client');
  await client.sh(`echo '${first().address} ${domain}' >> /etc/hosts`);
  const passwords = await first().sh('cat /etc/holdfast/passwords');
  apiPassword = /cluster API\s+(\S+)/.exec(passwords)?.[1] ?? '';
  rpcPassword = /Kubo RPC\s+(\S+)/.exec(passwords)?.[1] ?? '';
  cid = await addText(nodes[1] as Machine, 'on the second node alone');
});
afterAll(() => network?.[Symbol.asyncDispose]());

const first = () => nodes[0] as Machine;

/** A pace that the limit allows. */
const pause = () => sleep(60);

async function status(path: string, options = '', port = 443): Promise<string> {
  const address = `https://${domain}:${port}${path}`;
  return client.sh(`curl -sk --path-as-is -o /dev/null -w '%{http_code}' ${options} '${address}' || true`);
}

describe('the gateway', () => {
  it('serves what another node has', async () => {
    expect(await client.sh(`curl -sk https://${domain}/ipfs/${cid}`)).toBe('on the second node alone');
  });

  it('answers 50 requests for missing content within a second each, and good content all along', async () => {
    const missing = await client.sh(`
      for n in $(seq 50); do
        cid=$(printf 'missing %s' $n | IPFS_PATH=/nowhere openssl dgst -sha256 -binary | (printf '\\001\\125\\022\\040'; cat) | base32 -w0 | tr -d = | tr A-Z a-z)
        curl -sk -o /dev/null -w '%{http_code} %{time_total}\\n' https://${domain}/ipfs/b$cid
        curl -sk -o /dev/null -w 'good %{http_code}\\n' "https://${domain}/ipfs/${cid}?n=$n"
        # Two requests: a quick machine would else be over the limit.
        sleep 0.12
      done`);
    const lines = missing.trim().split('\n');
    expect(lines.filter((line) => line === 'good 200')).toHaveLength(50);
    const answers = lines.filter((line) => !line.startsWith('good'));
    expect(answers.map((line) => line.split(' ')[0])).toEqual(Array(50).fill('404'));
    for (const line of answers) expect(Number(line.split(' ')[1])).toBeLessThan(1);
  });

  it('never mixes the CAR, the block and the page of one address', async () => {
    const folder = (
      await (nodes[1] as Machine).sh(
        `curl -sS -F 'file=@-;filename=a.txt' 'http://127.0.0.1:5001/api/v0/add?pin=false&cid-version=1&wrap-with-directory=true' <<<a | tail -n 1 | jq -r .Hash`,
      )
    ).trim();
    const type = async (accept: string, query = '') =>
      client.sh(
        `curl -sk -o /dev/null -w '%{content_type}' ${accept ? `-H 'accept: ${accept}'` : ''} 'https://${domain}/ipfs/${folder}/${query}'`,
      );
    for (let round = 0; round < 2; round++) {
      expect(await type('application/vnd.ipld.car')).toContain('application/vnd.ipld.car');
      expect(await type('text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8')).toContain(
        'text/html',
      );
      expect(await type('application/vnd.ipld.raw')).toContain('application/vnd.ipld.raw');
      expect(await type('')).toContain('text/html');
      expect(await type('', '?format=car')).toContain('application/vnd.ipld.car');
      expect(await type('', '?format=raw')).toContain('application/vnd.ipld.raw');
      await sleep(300);
    }
  });

  it('answers 429 to some of 40 requests at once, and serves the others', async () => {
    await sleep(2_000);
    const codes = await client.sh(
      `seq 40 | xargs -P 40 -I{} curl -sk -o /dev/null -w '%{http_code}\\n' https://${domain}/ipfs/${cid}`,
    );
    const count = (code: string) => codes.split('\n').filter((it) => it === code).length;
    expect(count('200')).toBeGreaterThanOrEqual(20);
    expect(count('429')).toBeGreaterThan(0);
    expect(count('200') + count('429')).toBe(40);
    await sleep(2_000);
  });

  it.each([
    ['POST', `/ipfs/CID`, '403'],
    ['PUT', `/ipfs/CID`, '403'],
    ['DELETE', `/ipfs/CID`, '403'],
    ['GET', '/api/v0/id', '404'],
    ['GET', '/ipns/example.org', '404'],
    ['GET', '/ipfs/CID/..%2f..%2fapi/v0/id', '404'],
    ['GET', '/ipfs/%2e%2e/api/v0/id', '404'],
    ['GET', '/debug/metrics/prometheus', '404'],
    ['GET', '/', '404'],
  ])('answers %s %s with %s', async (method, path, code) => {
    await pause();
    expect(await status(path.replace('CID', cid), `-X ${method}`)).toBe(code);
  });

  it('has nothing for another host name', async () => {
    await pause();
    expect(await status(`/ipfs/${cid}`, "-H 'host: other.example.org'")).toBe('404');
  });
});

describe("Kubo's RPC", () => {
  it.each([
    ['no password', '', '401'],
    ['a wrong password', '-u holdfast:wrong', '401'],
    ['the password', '-u PASSWORD', '200'],
  ])('answers %s', async (_, auth, code) => {
    expect(await status('/api/v0/id', `-X POST ${auth.replace('PASSWORD', rpcPassword)}`, 5443)).toBe(code);
  });

  it.each([
    ['POST', '/api/v0/config/show', '404'],
    ['POST', '/api/v0/shutdown', '404'],
    ['POST', '/api/v0/key/export?arg=self', '404'],
    ['POST', '/api/v0/%63onfig/show', '404'],
    ['POST', '/api/v0/id/../config/show', '404'],
    ['POST', '/api/v0/id%2f..%2fconfig%2fshow', '404'],
    ['POST', '//api//v0//repo//gc', '404'],
    ['POST', '/api/v0/id/', '404'],
    ['POST', '/webui', '404'],
    ['POST', '/debug/pprof/goroutine', '404'],
    ['GET', '/api/v0/id', '403'],
    ['PUT', '/api/v0/id', '403'],
    ['POST', '/api/v0/%69d', '200'],
  ])('answers %s %s with %s', async (method, path, code) => {
    await pause();
    expect(await status(path, `-X ${method} -u ${rpcPassword}`, 5443)).toBe(code);
  });

  it('takes an upload', async () => {
    const added = await client.sh(
      `head -c 3000000 /dev/zero | curl -sk -u ${rpcPassword} -F file=@- 'https://${domain}:5443/api/v0/add?pin=false' | jq -r .Hash`,
    );
    expect(added).toMatch(/^(Qm|baf)/);
  });
});

describe("the cluster's API", () => {
  it.each([
    ['GET', '/id', '-u holdfast:wrong', '401'],
    ['GET', '/id', '', '401'],
    ['GET', '/id', '-u PASSWORD', '200'],
    ['GET', '/peers', '-u PASSWORD', '200'],
    ['GET', '/monitor/metrics/tag:region', '-u PASSWORD', '200'],
    ['GET', '/health/alerts', '-u PASSWORD', '200'],
    ['POST', '/token', '-u PASSWORD', '200'],
    ['DELETE', '/peers/12D3KooWK9PGzeqbE67pgywgKkJveCPJecvqkynR428z8g7vgegk', '-u PASSWORD', '404'],
    ['POST', '/ipfs/gc', '-u PASSWORD', '404'],
    ['POST', '/pins/recover', '-u PASSWORD', '404'],
    ['DELETE', '/id', '-u PASSWORD', '403'],
    ['DELETE', '/%69d/../peers', '-u PASSWORD', '403'],
    ['GET', '/pins/a%2f..%2f..%2fipfs%2fgc', '-u PASSWORD', '404'],
  ])('answers %s %s %s with %s', async (method, path, auth, code) => {
    await pause();
    expect(await status(path, `-X ${method} ${auth.replace('PASSWORD', apiPassword)}`, 9443)).toBe(code);
  });

  it('pins and unpins', async () => {
    const call = (method: string) => status(`/pins/${cid}`, `-X ${method} -u ${apiPassword}`, 9443);
    expect(await call('POST')).toBe('200');
    // The peer collects the changes of a second: before, it has no pin to give up.
    const kept = () => status(`/allocations/${cid}`, `-u ${apiPassword}`, 9443);
    await expect.poll(kept, { timeout: 10_000, interval: 500 }).toBe('200');
    expect(await call('DELETE')).toBe('200');
  });
});

describe('the metrics', () => {
  it('are for the machines of the cluster', async () => {
    const from = async (machine: Machine, path: string) =>
      machine.sh(`curl -s -o /dev/null -w '%{http_code}' --path-as-is http://${first().address}:9180${path}`);
    const second = nodes[1] as Machine;
    expect(await from(second, '/kubo/metrics')).toBe('200');
    expect(await from(second, '/cluster/metrics')).toBe('200');
    expect(await from(second, '/kubo/metrics/../api/v0/id')).toBe('404');
    expect(await from(second, '/debug/metrics/prometheus')).toBe('404');
    expect(await from(client, '/kubo/metrics')).toBe('403');
  });
});

// Last: it takes the nodes away.
describe('a gateway that loses its nodes', () => {
  it('fails 0 of 100 requests with one node dead', async () => {
    for (const node of nodes)
      await node.sh(
        `printf '%s' everywhere | curl -sS -F file=@- 'http://127.0.0.1:5001/api/v0/add?pin=false&cid-version=1'`,
      );
    const everywhere = await addText(first(), 'everywhere');
    await (nodes[2] as Machine).kill('kubo');
    const codes = await client.sh(`for n in $(seq 100); do
      curl -sk -o /dev/null -w '%{http_code} %{header_json}\\n' "https://${domain}/ipfs/${everywhere}?n=$n" | head -c 3; echo; sleep 0.06; done`);
    expect(codes.trim().split('\n')).toEqual(Array(100).fill('200'));
  });

  it('serves what is cached with all nodes dead', async () => {
    expect(await status(`/ipfs/${cid}`)).toBe('200');
    for (const node of nodes.slice(0, 2)) await node.kill('kubo');
    await until('content that is not cached fails', async () =>
      (await status(`/ipfs/${cid}?not=cached`)).startsWith('50'),
    );
    expect(await client.sh(`curl -sk https://${domain}/ipfs/${cid}`)).toBe('on the second node alone');
  });
});
