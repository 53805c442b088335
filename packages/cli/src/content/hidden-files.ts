import type { ListedPaths } from '@holdfast/content';
import { commandPath, count, escapeText } from '@holdfast/manifest/text';
import type { Flags, Tools } from '../frame/command.ts';
import { Misuse } from '../frame/misuse.ts';

export const hiddenFlags = {
  'include-hidden': {
    type: 'boolean',
    about: 'include files like .env, .ssh or *.key without a question; .holdfastignore leaves files out',
  },
} as const satisfies Flags;

/** Zarr keeps its own description in files with a dot, one in every folder. */
const partsOfDatasets = /^\.(zarray|zattrs|zgroup|zmetadata)$/;

/** Not hidden, and still seldom meant for the public: private keys, password stores, what systems leave behind. */
const seldomMeant =
  /^(id_(rsa|dsa|ecdsa|ed25519)(_sk)?|.*\.(key|pem|p12|pfx|jks|kdbx|ppk|keystore)|(.*[-_.])?credentials(\.\w+)?|secrets?\.(json|ya?ml|toml|txt|env)|thumbs\.db|desktop\.ini|__macosx|ehthumbs\.db)$/i;

/** What to leave out, as paths of files or, with a `/` at the end, of whole folders. */
export function hiddenAmong(paths: readonly string[]): readonly string[] {
  const found = new Set<string>();
  for (const path of paths) {
    const segments = path.split('/');
    const at = segments.findIndex(isHidden);
    if (at >= 0) found.add(segments.slice(0, at + 1).join('/') + (at < segments.length - 1 ? '/' : ''));
  }
  return [...found];
}

function isHidden(segment: string): boolean {
  return seldomMeant.test(segment) || (segment.startsWith('.') && !partsOfDatasets.test(segment));
}

export interface HiddenFiles {
  /** As it was named, for the hint. */
  readonly folder: string;
  readonly include: boolean;
  /** Paths that somebody agreed to before. */
  readonly agreed?: ReadonlySet<string>;
}

const namedAtMost = 10;

/** Asks before files go in that datasets seldom have: what is published cannot be taken back. */
export function askAboutHidden({ folder, include, agreed }: HiddenFiles, tools: Tools) {
  return async ({ files }: ListedPaths): Promise<void> => {
    if (include) return;
    const hidden = hiddenAmong(files.filter((path) => !agreed?.has(path)));
    if (hidden.length === 0) return;
    const named = hidden.slice(0, namedAtMost).map((path) => escapeText(path));
    if (hidden.length > namedAtMost) named.push(`and ${hidden.length - namedAtMost} more`);
    if (tools.interactive) {
      tools.note(
        `datasets seldom have these, and what is published cannot be taken back:\n  ${named.join('\n  ')}`,
      );
      const answer = (await tools.stdin.ask('Include them? [y/N]: ')).trim();
      if (/^y(es)?$/i.test(answer)) return;
    }
    throw new Misuse(
      `${count(hidden.length, 'hidden or private path')} in ${escapeText(folder)}: ${named.join(', ')}`,
      `to leave them out, list them in ${commandPath(`${folder.replace(/\/+$/, '')}/.holdfastignore`, '.holdfastignore in the folder')}, one a line as in .gitignore; to publish them, add --include-hidden`,
    );
  };
}
