export { type FolderCacheOptions, folderCache } from './node/folder-cache.ts';
