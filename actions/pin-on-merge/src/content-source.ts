import { type BlockSource, readVerified } from '@holdfast/content';
import { listFinder } from '@holdfast/content/internal';
import type { FindList } from '@holdfast/manifest/files';
import { createGateways, type Source } from '@holdfast/retrieval';
import type { ActionInputs } from './inputs.ts';
import type { Retrieval } from './retrieval.ts';
import type { ReadFile } from './scan/dataset-scan.ts';
import { authOf } from './targets.ts';

/** Where a scan reads from: the given nodes first, because they are closer. */
export function scanSource(inputs: ActionInputs): ReadFile {
  let source: BlockSource | undefined;
  return ({ cid, size }, signal) => {
    source ??= createGateways(placesOf(inputs));
    return readVerified(cid, source, { signal, maxBytes: size });
  };
}

/** Where file lists are looked for that the commit does not have. */
export function listsOn(inputs: ActionInputs): FindList | undefined {
  const places = placesOf(inputs);
  return places.length === 0 ? undefined : listFinder(createGateways(places));
}

function placesOf(inputs: ActionInputs): Source[] {
  const auth = authOf(inputs['kubo-auth']);
  const nodes = (inputs['kubo-url'] ?? []).map(
    (url): Source => ({ kind: 'kubo', url, ...(auth && { auth }) }),
  );
  return [...nodes, ...inputs.gateways.map((url): Source => ({ kind: 'gateway', url }))];
}

/** Retrieval is proved through gateways only: a node that serves its own pins does not prove that others can get them. */
export function gatewayRetrieval({ gateways }: ActionInputs): Retrieval | undefined {
  if (gateways.length === 0) return undefined;
  const sources = gateways.map((url): Source => ({ kind: 'gateway', url }));
  return { gateways, source: createGateways(sources) };
}
