import type { CarProgress, HashOptions, HashProgress } from '@holdfast/content';
import type { Flags, Tools, Values } from '../frame/command.ts';
import { hashStore } from './hash-store.ts';

/** How a folder becomes a CID: the flags of every command that hashes one. */
export const contentFlags = {
  profile: {
    type: 'string',
    choices: ['unixfs-v1-2025', 'unixfs-v0-2015'],
    about: 'rules that turn bytes into a CID; default: unixfs-v1-2025',
  },
  symlinks: {
    type: 'string',
    choices: ['refuse', 'skip', 'follow'],
    about: 'what to do with symbolic links; default: refuse',
  },
  'no-cache': {
    type: 'boolean',
    about: 'read every file, also those that have not changed since they were last hashed',
  },
} as const satisfies Flags;

export function hashOptions(
  flags: Pick<Values<typeof contentFlags>, 'profile' | 'symlinks' | 'no-cache'>,
  tools: Tools,
): Omit<HashOptions, 'onProgress'> & { onProgress: (event: HashProgress | CarProgress) => void } {
  return {
    ...(flags.profile && { profile: flags.profile as NonNullable<HashOptions['profile']> }),
    ...(flags.symlinks && { symlinks: flags.symlinks as NonNullable<HashOptions['symlinks']> }),
    ...(!flags['no-cache'] && { cache: hashStore(tools) }),
    signal: tools.signal,
    onProgress: (event) =>
      tools.progress(
        event.kind === 'hash'
          ? {
              phase: 'hashing',
              done: event.files,
              total: event.totalFiles,
              unit: 'files',
              bytes: event.bytes,
            }
          : { phase: 'uploading', done: event.bytes, total: event.totalBytes, unit: 'bytes' },
      ),
  };
}
