import type { ProblemEntry } from '@holdfast/manifest/internal';

/** Every code that this package gives a problem, beside those of `@holdfast/manifest`. */
export const placementCatalogue = {
  'repository/unsafe-path': {
    severity: 'error',
    meaning:
      'A path is not UTF-8, has control characters or back-slashes, or is one that no checkout could write.',
    fix: 'Rename it with `git mv`.',
  },
  'repository/symlink': {
    severity: 'error',
    meaning: 'A symbolic link stands where a manifest or a key should be.',
    fix: 'Commit the file itself: links are never followed.',
  },
  'repository/submodule': {
    severity: 'error',
    meaning: 'A submodule stands where manifests or keys should be.',
    fix: 'Commit the files themselves: submodules are never read.',
  },
  'repository/not-a-folder': {
    severity: 'error',
    meaning: 'A file stands where the folder of manifests or keys should be.',
    fix: 'Remove the file: a folder of this name is read.',
  },
  'repository/executable': {
    severity: 'error',
    meaning: 'A manifest or a key is an executable file.',
    fix: 'Take the mode away with `git update-index --chmod=-x`.',
  },
} as const satisfies Record<string, ProblemEntry>;

export type PlacementCode = keyof typeof placementCatalogue;
