const octet = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const group = '(?:0|[1-9a-f][0-9a-f]{0,3})';
const port = '(?:6553[0-5]|655[0-2]\\d|65[0-4]\\d\\d|6[0-4]\\d{3}|[1-5]\\d{4}|[1-9]\\d{0,3})';
const name = '[A-Za-z0-9_][A-Za-z0-9._-]*';
const hashes = '(?:/certhash/u[A-Za-z0-9_-]+)*';

/** Eight groups, or fewer around a gap of at least two. */
const ip6 = [
  `(?:${group}:){7}${group}`,
  ...[0, 1, 2, 3, 4, 5, 6].map((before) => `${groups(before, before)}::${groups(0, 6 - before)}`),
].join('|');
const host = `(?:ip4/(?:${octet}\\.){3}${octet}|ip6/(?:${ip6})|dns[46]?/${name})`;
const web = `ws|wss|tls(?:/sni/${name})?/ws`;
const quic = `quic-v1(?:/webtransport${hashes})?|webrtc-direct${hashes}`;
const transport = `(?:tcp/${port}(?:/(?:${web}))?|udp/${port}/(?:${quic}))`;
// Base58 of a key's hash, of an Ed25519 key and of a secp256k1 key.
const base58 = '[1-9A-HJ-NP-Za-km-z]';
const peer = `/p2p/(?:Qm[NP-Za-f]${base58}{43}|12D3KooW${base58}{44}|16Uiu2HA${base58}{45})`;

/**
 * A multiaddr (https://github.com/multiformats/multiaddr) of a peer that a node can dial, spelled as nodes spell it:
 * IPFS Cluster drops a pin's options if it cannot read one, and returns another spelling changed.
 */
export const originPattern = `^(?:/${host}/${transport}|/dnsaddr/${name})?${peer}(?:/p2p-circuit${peer})?$`;

/** From `least` to `most` groups with colons between. */
function groups(least: number, most: number): string {
  if (most === 0) return '';
  const more = `(?::${group}){${Math.max(0, least - 1)},${most - 1}}`;
  return least === 0 ? `(?:${group}${more})?` : `${group}${more}`;
}
