/** What other packages of the workspace need. No promise is made about it. */
export { joinBytes } from './bytes.ts';
export { CarFrames, type Frame, verifyBlock } from './car/car-reader.ts';
export { blockKey } from './dag/block-links.ts';
export { byteOrder } from './dag/byte-order.ts';
export { type ContentCid, cidText, parseCid, rawCid } from './dag/link-cid.ts';
export { checkPaths } from './dag/paths.ts';
export { type WeighedLink, weighedLinks } from './dag/weighed-links.ts';
export { limitOf } from './limit.ts';
export { listFinder } from './read/find-list.ts';
export { folderCids } from './root.ts';
