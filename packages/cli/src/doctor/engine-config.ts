import { type Finding, Findings } from './finding.ts';

type Tree = Readonly<Record<string, unknown>>;

/** The configuration of Kubo or of IPFS Cluster, by what it is made of; undefined for anything else. */
export function judgeConfig(subject: string, config: unknown): readonly Finding[] | undefined {
  const found = new Findings('configuration');
  if (isTree(config) && isTree(config.cluster) && isTree(config.consensus))
    judgeCluster(found, subject, config);
  else if (isTree(config) && isTree(config.Addresses)) judgeKubo(found, subject, config);
  else return undefined;
  return found.all({ subject, message: 'nothing to fix' });
}

function judgeCluster(found: Findings, subject: string, config: Tree): void {
  const at = (path: string) => valueAt(config, path);
  const trusted = [at('consensus.crdt.trusted_peers')].flat();
  if (trusted.includes('*'))
    found.error(
      `${subject} consensus.crdt.trusted_peers`,
      'every peer with the secret can delete the pins of all',
      'list the IDs of the peers that may: ipfs-cluster-ctl id shows the own one',
    );
  if (at('cluster.disable_repinning') === true)
    found.warn(
      `${subject} cluster.disable_repinning`,
      'true: copies of a peer that died are made elsewhere only when holdfast heal runs',
      'set it to false, or run heal on a schedule',
    );
  const secret = at('cluster.secret');
  if (secret !== undefined && secret !== '' && !/^[0-9a-f]{64}$/.test(String(secret)))
    found.error(
      `${subject} cluster.secret`,
      'not 64 hexadecimal digits: a variable that nobody filled in?',
      'make one: openssl rand -hex 32, the same on every peer',
    );
  if (/^0+$/.test(String(secret ?? '')))
    found.error(
      `${subject} cluster.secret`,
      'all zeros',
      'make one: openssl rand -hex 32, the same on every peer',
    );
  if (at('observations.metrics.enable_stats') !== true)
    found.warn(
      `${subject} observations.metrics.enable_stats`,
      'not true: there is nothing for Prometheus to read',
      'set it to true, with prometheus_endpoint on 127.0.0.1',
    );
  for (const api of ['restapi', 'pinsvcapi', 'ipfsproxy']) {
    const where = `api.${api}`;
    const open = openAddresses(at(`${where}.http_listen_multiaddress`) ?? at(`${where}.listen_multiaddress`));
    const needsCredentials = isTree(at(`${where}.basic_auth_credentials`));
    if (open.length > 0 && !needsCredentials)
      found.error(
        `${subject} ${where}`,
        `listens on ${open.join(', ')} and takes no credentials: whoever reaches it changes pins`,
        'listen on 127.0.0.1 behind a proxy with a password, or set basic_auth_credentials',
      );
  }
}

function judgeKubo(found: Findings, subject: string, config: Tree): void {
  const at = (path: string) => valueAt(config, path);
  const rpc = openAddresses(at('Addresses.API'));
  if (rpc.length > 0 && !isTree(at('API.Authorizations')))
    found.error(
      `${subject} Addresses.API`,
      `listens on ${rpc.join(', ')} and takes no credentials: whoever reaches it owns the node`,
      'listen on 127.0.0.1, or set API.Authorizations',
    );
  if (openAddresses(at('Addresses.Gateway')).length > 0 && at('Gateway.NoFetch') !== true)
    found.warn(
      `${subject} Gateway.NoFetch`,
      'not true on an open gateway: it fetches anything for anybody, and a request for what nobody has blocks it for 30 s',
      'ipfs config --json Gateway.NoFetch true',
    );
  if (at('Datastore.NoSync') === true)
    found.error(
      `${subject} Datastore.NoSync`,
      'true: blocks that were pinned can be lost when the machine stops',
      'ipfs config --json Datastore.NoSync false',
    );
  const strategy = at('Provide.Strategy') ?? at('Reprovider.Strategy');
  if (strategy === 'roots' || at('Provide.Enabled') === false)
    found.warn(
      `${subject} Provide`,
      strategy === 'roots'
        ? 'announces roots alone: readers of one file may not find it'
        : 'announces nothing: readers cannot find what is pinned',
      'ipfs config Provide.Strategy pinned',
    );
  if (at('Routing.Type') === 'none')
    found.warn(
      `${subject} Routing.Type`,
      'none: nobody can find this node, and it finds nobody',
      'ipfs config Routing.Type auto',
    );
}

/** Addresses that more than this machine can reach. */
function openAddresses(value: unknown): readonly string[] {
  return [value]
    .flat()
    .filter((address) => typeof address === 'string')
    .filter(
      (address) =>
        /^\/(ip[46]|dns)/.test(address) && !/^\/(ip4\/127\.|ip6\/::1\/|dns[46]?\/localhost\/)/.test(address),
    );
}

function valueAt(tree: Tree, path: string): unknown {
  return path.split('.').reduce<unknown>((at, name) => (isTree(at) ? at[name] : undefined), tree);
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
