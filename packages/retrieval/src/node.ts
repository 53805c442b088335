export { type FolderCacheOptions, folderCache } from './node/folder-cache.ts';
export { folderNameStore } from './node/folder-name-store.ts';
export { keepHeapSmall } from './node/small-heap.ts';
