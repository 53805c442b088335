import type { BlockPresence, CarPart, FolderCar } from '@holdfast/content';
import { folderCids } from '@holdfast/content/internal';
import type { Dataset, DatasetFile } from '@holdfast/manifest';
import { escapeText } from '@holdfast/manifest/text';
import { ClusterTarget, LocalTarget } from '@holdfast/pinning';
import type { Tools } from '../frame/command.ts';
import { Misuse } from '../frame/misuse.ts';
import { openTarget, targetAuth } from '../pinning/open-target.ts';
import { ofTarget } from '../pinning/target-error.ts';
import type { ChosenTarget } from '../pinning/target-kind.ts';
import { KuboUpload } from './kubo-upload.ts';

export interface UploadRequest {
  readonly car: FolderCar;
  /** The name to pin it under on the Kubo node; without one it is not pinned. */
  readonly keep?: string | undefined;
  /** Versions of this dataset that a cluster may have already, the one that is sent among them. */
  readonly versions: readonly Version[];
}

/** A version, and its files if they can be listed. */
export interface Version {
  readonly dataset: Dataset;
  files(): Promise<readonly DatasetFile[]>;
}

export interface Uploaded {
  readonly target: string;
  readonly blocks: number;
  readonly bytes: number;
}

interface Receiver extends BlockPresence {
  readonly label: string;
  send(part: CarPart, onProgress: (bytes: number) => void): Promise<void>;
}

/** Sends what the target lacks. What was sent before a fault is found by the next run. */
export async function upload(chosen: ChosenTarget, request: UploadRequest, tools: Tools): Promise<Uploaded> {
  tools.waitingFor(chosen.places.join(', '));
  if (chosen.kind === 'kubo') return toKubo(chosen, request, tools);
  if (request.keep !== undefined)
    throw new Misuse('--keep needs a Kubo node', 'on other targets, holdfast pin keeps it');
  const target = await openTarget(chosen, tools);
  if (target instanceof ClusterTarget) {
    try {
      return await sendMissing(await clusterReceiver(target, request, tools), request.car, tools);
    } catch (error) {
      throw ofTarget(error, chosen);
    } finally {
      target.close();
    }
  }
  if (target instanceof LocalTarget) return sendMissing(folderReceiver(target, tools), request.car, tools);
  throw new Misuse(
    'a pinning service takes no uploads: it fetches the content itself',
    'publish to a node with --kubo-url, then pin with --pinning-service',
  );
}

async function toKubo(chosen: ChosenTarget, { car, keep }: UploadRequest, tools: Tools): Promise<Uploaded> {
  const auth = await targetAuth(chosen, tools);
  let [blocks, bytes] = [0, 0];
  for (const url of chosen.places) {
    using node = new KuboUpload(url, auth);
    const receiver: Receiver = {
      label: url,
      whole: (cids) => node.whole(cids, tools.signal),
      send: (part, onProgress) => node.send(part, onProgress, tools.signal),
    };
    const sent = await sendMissing(receiver, car, tools);
    if (node.mute !== undefined)
      tools.note(`all of it was sent, because the node did not say what it has: ${escapeText(node.mute)}`);
    if (keep !== undefined) await keepAt({ ...chosen, places: [url] }, car.cid, keep, tools);
    blocks += sent.blocks;
    bytes += sent.bytes;
  }
  return { target: `Kubo at ${chosen.places.join(', ')}`, blocks, bytes };
}

/**
 * Pins what is there, so that garbage collection keeps it. The target leaves its record: a pin without one would pass for
 * somebody else's, and stay for good. A pin that is there already may be a dataset's, and is left as it is.
 */
async function keepAt(place: ChosenTarget, cid: string, name: string, tools: Tools): Promise<void> {
  const { signal } = tools;
  const node = await openTarget(place, tools);
  try {
    for await (const { peers } of node.observe([cid], { signal }))
      if (peers.some(({ state }) => state === 'pinned')) return;
    await node.pin(cid, { name, min: 1, max: 1, origins: [], metadata: {} }, { signal });
  } catch (error) {
    throw ofTarget(error, place);
  } finally {
    node.close?.();
  }
}

async function sendMissing(receiver: Receiver, car: FolderCar, tools: Tools): Promise<Uploaded> {
  const { signal } = tools;
  tools.waitingFor(`what ${receiver.label} has already`);
  const { parts, blockCount, byteLength } = await car.missing(receiver, { signal });
  let before = 0;
  for (const part of parts) {
    await receiver.send(part, (bytes) =>
      tools.progress({ phase: 'uploading', done: before + bytes, total: byteLength, unit: 'bytes' }),
    );
    before += part.byteLength;
  }
  return { target: receiver.label, blocks: blockCount, bytes: byteLength };
}

function folderReceiver(target: LocalTarget, { signal }: Tools): Receiver {
  return {
    label: target.label,
    whole: (cids) => Promise.all(cids.map((cid) => target.holds(cid, { signal }))),
    async send(part, onProgress) {
      let bytes = 0;
      const counted = async function* counted() {
        for await (const block of part.blocks(signal)) {
          yield block;
          bytes += block.bytes.length;
          onProgress(bytes);
        }
      };
      await target.putBlocks(counted(), { signal });
    },
  };
}

/**
 * A cluster cannot be asked for blocks. It can be asked for pins, and what is pinned is there as a whole: of earlier
 * versions, each file and folder that has not changed.
 */
async function clusterReceiver(
  target: ClusterTarget,
  { car, versions }: UploadRequest,
  { signal }: Tools,
): Promise<Receiver> {
  const there = new Set<string>();
  const byRoot = new Map(versions.map((version) => [version.dataset.cid, version]));
  if (byRoot.size > 0) {
    for await (const { cid, peers } of target.observe([...byRoot.keys()], { signal })) {
      if (!peers.some(({ state }) => state === 'pinned')) continue;
      const { dataset, files } = byRoot.get(cid) as Version;
      const { profile } = dataset;
      const parts = profile === 'custom' ? [] : folderCids(await files(), profile);
      for (const each of [cid, ...parts]) there.add(each);
    }
  }
  return {
    label: target.label,
    whole: async (cids) => cids.map((cid) => there.has(cid)),
    async send(part, onProgress) {
      await target.addCar(() => part.read(signal), { cid: car.cid, signal, onProgress });
    },
  };
}
