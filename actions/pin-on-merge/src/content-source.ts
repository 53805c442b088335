import type { BlockSource } from '@holdfast/content';
import type { FindList } from '@holdfast/manifest/files';
import type { Source } from '@holdfast/retrieval';
import type { ActionInputs } from './inputs.ts';
import type { Retrieval } from './retrieval.ts';
import type { ReadFile } from './scan/dataset-scan.ts';
import { authOf } from './targets.ts';

/** Where a scan reads from: the given nodes first, because they are closer. */
export function scanSource(inputs: ActionInputs): ReadFile {
  const source = openedLater(placesOf(inputs));
  return async function* read({ cid, size }, signal) {
    const { readVerified } = await import('./reading.ts');
    yield* readVerified(cid, source, { signal, maxBytes: size });
  };
}

/** Where file lists are looked for that the commit does not have. */
export function listsOn(inputs: ActionInputs): FindList | undefined {
  const places = placesOf(inputs);
  if (places.length === 0) return undefined;
  const source = openedLater(places);
  return async (fileList) => (await import('./reading.ts')).listFinder(source)(fileList);
}

/** Gateways that are opened when the first block is asked for. */
function openedLater(places: readonly Source[]): BlockSource {
  let opened: Promise<BlockSource> | undefined;
  return {
    verifies: true,
    async block(cid, request) {
      opened ??= import('./reading.ts').then(({ createGateways }) => createGateways(places));
      return (await opened).block(cid, request);
    },
  };
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
  return { gateways, source: openedLater(sources) };
}
