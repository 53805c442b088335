import { readBlock, readVerified, type Source } from '@holdfast/content';
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
  const sources = [...nodes, ...inputs.gateways.map((url): Source => ({ kind: 'gateway', url }))];
  return ({ cid, size }, signal) => readVerified(cid, sources, { signal, maxBytes: size });
}

/** Retrieval is proved through gateways alone: that a node has what it pinned says nothing of who else can get it. */
export function gatewayRetrieval({ gateways }: ActionInputs): Retrieval | undefined {
  if (gateways.length === 0) return undefined;
  const sources = gateways.map((url): Source => ({ kind: 'gateway', url }));
  return {
    gateways,
    block: (cid, signal) => readBlock(cid, sources, { signal }),
    file: (cid, maxBytes, signal) => readVerified(cid, sources, { signal, maxBytes }),
  };
}
