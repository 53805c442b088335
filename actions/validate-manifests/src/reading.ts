// Apart from the rest of the bundle, and loaded on first use: most runs read nothing from a gateway.
export { listFinder } from '@holdfast/content/internal';
export { createGateways, servedRoots } from '@holdfast/retrieval';
export { checkContent } from './content-check.ts';
