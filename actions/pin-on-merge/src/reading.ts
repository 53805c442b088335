// Apart from the rest of the bundle, and loaded on first use: what reads from gateways and asks routers. What throws and what
// catches its errors is here together, since each file of a bundle has classes of its own.
export { readVerified } from '@holdfast/content';
export { listFinder } from '@holdfast/content/internal';
export { followNames } from '@holdfast/datasets';
export { createGateways, createNames, findProviders } from '@holdfast/retrieval';
export { retrieve } from './retrieval.ts';
