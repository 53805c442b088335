/** What other packages of the workspace need. No promise is made about it. */
export { joinBytes } from './bytes.ts';
export { CarFrames, type Frame, verifyBlock } from './car/car-reader.ts';
export { blockKey } from './dag/block-links.ts';
export { parseCid } from './dag/link-cid.ts';
export { limitOf } from './limit.ts';
export { folderCids } from './root.ts';
