import { readBlock, readVerified } from '@holdfast/content';
import { createGateways, type Source } from '@holdfast/retrieval';
import type { ActionInputs } from './inputs.ts';
import type { Retrieval } from './retrieval.ts';
import type { ReadFile } from './scan/dataset-scan.ts';
import { authOf } from './targets.ts';

/** Where a scan reads from: the nodes given come first, since they are nearer. */
export function scanSource(inputs: ActionInputs): ReadFile {
  const auth = authOf(inputs['ipfs-auth']);
  const nodes = (inputs['ipfs-api'] ?? []).map(
    (url): Source => ({ kind: 'kubo', url, ...(auth && { auth }) }),
  );
  const gateways = inputs.gateways.map((url): Source => ({ kind: 'gateway', url }));
  return ({ cid, size }, signal) =>
    readVerified(cid, createGateways([...nodes, ...gateways]), { signal, maxBytes: size });
}

/** Retrieval is proved through gateways alone: that a node has what it pinned says nothing of who else can get it. */
export function gatewayRetrieval({ gateways }: ActionInputs): Retrieval | undefined {
  if (gateways.length === 0) return undefined;
  const sources = gateways.map((url): Source => ({ kind: 'gateway', url }));
  return {
    gateways,
    block: (cid, signal) => readBlock(cid, createGateways(sources), { signal }),
    file: (cid, maxBytes, signal) => readVerified(cid, createGateways(sources), { signal, maxBytes }),
  };
}
