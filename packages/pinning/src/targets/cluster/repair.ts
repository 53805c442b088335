import { type Clock, systemClock } from '@holdfast/http';
import { createNode, encode } from '@ipld/dag-pb';
import { CID } from 'multiformats/cid';
import { sha256 } from 'multiformats/hashes/sha2';
import { PinningError } from '../../target/pinning-error.ts';
import type { CallOptions, LostBlocks, RepairReport } from '../../target/target.ts';
import type { KuboNode } from '../kubo/node.ts';
import { addCar } from './car-upload.ts';
import type { ClusterClient } from './client.ts';
import { statusFrom } from './wire.ts';

const unixfsDirectory = Uint8Array.of(8, 1);
const pollMs = 500;
/** Whatever becomes of this run, the help pin goes by itself. */
const longestMs = 24 * 3_600_000;

/** On the node itself where its RPC is given; else by what a cluster can do. */
export async function repairCopy(
  client: ClusterClient,
  nodes: readonly KuboNode[],
  cid: string,
  lost: LostBlocks,
  options: CallOptions,
): Promise<RepairReport> {
  const peer = (await client.peers(options)).find(({ id }) => id === lost.peer);
  const node = await nodeOf(nodes, peer?.ipfs.id, options);
  if (node !== undefined) {
    await node.restore(cid, lost, options);
    return { did: 'its IPFS node fetched again what it had lost' };
  }
  if (lost.missing.length > 0) await refetch(client, cid, lost.peer, options);
  const did = lost.missing.length > 0 ? 'it fetched again what was missing' : 'nothing can be done from here';
  if (lost.damaged.length === 0) return { did };
  const name = peer?.name ?? lost.peer;
  return {
    did,
    todo: `on the machine of ${name}, run \`ipfs repo verify --heal\`: damaged blocks can only be replaced there`,
  };
}

async function nodeOf(
  nodes: readonly KuboNode[],
  id: string | undefined,
  options: CallOptions,
): Promise<KuboNode | undefined> {
  for (const node of nodes) {
    // One that does not answer is not the one that helps.
    const found = await node.identify(options).catch(() => undefined);
    if (found !== undefined && found.id === id) return node;
  }
  return undefined;
}

/**
 * Makes the node of one peer fetch again what it lacks below a root. A peer that says pinned does nothing when it is asked to
 * pin or to recover, and cannot be taken out of a pin by name. But a pin of another node that links to the root makes it
 * walk through all below, and fetch what is missing. Its blocks that are there and damaged stay as they are.
 */
async function refetch(
  client: ClusterClient,
  root: string,
  peer: string,
  { signal }: CallOptions,
  clock: Clock = systemClock,
): Promise<void> {
  // The peer is in it: two peers that are helped at once have a pin each.
  const bytes = encode(createNode(unixfsDirectory, [{ Name: peer, Tsize: 0, Hash: CID.parse(root) }]));
  const node = CID.createV1(0x70, await sha256.digest(bytes));
  const cid = node.toString();
  const pin = {
    name: `holdfast: fetch ${root} again`,
    min: 1,
    max: 1,
    origins: [],
    metadata: {},
    allocations: [peer],
    expires: new Date(clock.now() + longestMs).toISOString(),
  };
  try {
    const car = carOf(node, bytes);
    const source = async function* () {
      yield car;
    };
    await addCar(client, source, { pin, cid, signal });
    await copied(client, cid, peer, signal, clock);
  } finally {
    // Also when the run was stopped: then a short call that is not.
    const last = signal?.aborted === true ? AbortSignal.timeout(5_000) : signal;
    await client.unpin(cid, { signal: last }).catch(() => undefined);
  }
}

async function copied(
  client: ClusterClient,
  cid: string,
  peer: string,
  signal: AbortSignal | undefined,
  clock: Clock,
): Promise<void> {
  for (;;) {
    for await (const line of client.statuses([cid], { signal })) {
      const copy = statusFrom(line, new Map())?.peers.find((each) => each.peer === peer);
      if (copy?.state === 'pinned') return;
      if (copy?.state === 'error' || copy?.state === 'down')
        throw new PinningError(
          'unavailable',
          `${copy.name ?? peer} could not fetch again what it lacks: ${copy.error ?? 'it is down'}`,
        );
    }
    await clock.sleep(pollMs, signal);
  }
}

/** A CAR v1 (https://ipld.io/specs/transport/car/carv1/) of one block. */
function carOf(cid: CID, block: Uint8Array): Uint8Array {
  const text = (value: string) => [0x60 + value.length, ...Buffer.from(value)];
  // { roots: [cid], version: 1 } in DAG-CBOR; 42 is the tag of a CID, with a zero byte before it.
  const root = [0xd8, 42, 0x58, cid.bytes.length + 1, 0, ...cid.bytes];
  const header = [0xa2, ...text('roots'), 0x81, ...root, ...text('version'), 1];
  const frame = [...cid.bytes, ...block];
  return Uint8Array.from([...varint(header.length), ...header, ...varint(frame.length), ...frame]);
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}
