import { type BlockSource, readVerified } from '@holdfast/content';
import { createGateways, type Source } from '@holdfast/retrieval';
import type { ActionInputs } from './inputs.ts';
import type { Retrieval } from './retrieval.ts';
import type { ReadFile } from './scan/dataset-scan.ts';
import { authOf } from './targets.ts';

/** Where a scan reads from: the given nodes first, because they are closer. */
export function scanSource(inputs: ActionInputs): ReadFile {
  const auth = authOf(inputs['kubo-auth']);
  const nodes = (inputs['kubo-url'] ?? []).map(
    (url): Source => ({ kind: 'kubo', url, ...(auth && { auth }) }),
  );
  const gateways = inputs.gateways.map((url): Source => ({ kind: 'gateway', url }));
  let source: BlockSource | undefined;
  return ({ cid, size }, signal) => {
    source ??= createGateways([...nodes, ...gateways]);
    return readVerified(cid, source, { signal, maxBytes: size });
  };
}

/** Retrieval is proved through gateways only: a node that serves its own pins does not prove that others can get them. */
export function gatewayRetrieval({ gateways }: ActionInputs): Retrieval | undefined {
  if (gateways.length === 0) return undefined;
  const sources = gateways.map((url): Source => ({ kind: 'gateway', url }));
  return { gateways, source: createGateways(sources) };
}
