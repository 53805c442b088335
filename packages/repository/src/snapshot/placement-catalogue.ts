import type { DescribedProblem } from '@holdfast/manifest/internal';

/** The problem codes of this package; all others are those of `@holdfast/manifest`. */
export const placementCatalogue = {
  'repository/unsafe-path': {
    severity: 'error',
    meaning: 'A path is not UTF-8, has control characters or backslashes, or cannot be checked out.',
    fix: 'Rename it with `git mv`.',
  },
  'repository/symlink': {
    severity: 'error',
    meaning: 'A manifest or a key is a symbolic link.',
    fix: 'Commit the file itself: links are never followed.',
  },
  'repository/submodule': {
    severity: 'error',
    meaning: 'A submodule is in the place of manifests or keys.',
    fix: 'Commit the files themselves: submodules are never read.',
  },
  'repository/not-a-folder': {
    severity: 'error',
    meaning: 'A file is in the place of the folder of manifests or keys.',
    fix: 'Remove or rename the file: the path must be a folder.',
  },
  'repository/executable': {
    severity: 'error',
    meaning: 'A manifest or a key is an executable file.',
    fix: 'Remove the mode with `git update-index --chmod=-x FILE`.',
  },
} as const satisfies Record<string, DescribedProblem>;

export type PlacementCode = keyof typeof placementCatalogue;
