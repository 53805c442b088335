import type { MergeDriver } from '@holdfast/repository';

/**
 * How git calls `holdfast merge`. Where it refuses, or is not installed, git's own merge marks the conflict. That one may find
 * none where two sides changed other lines of what is signed, so it never ends the conflict.
 */
export const signatureDriver: MergeDriver = {
  name: 'holdfast',
  about: 'unite the signatures of an equal dataset',
  command:
    'holdfast merge %O %A %B --path=%P || { git merge-file -q --marker-size=%L -L ours -L base -L theirs %A %O %B; exit 1; }',
};

/** The lines of `.gitattributes` that name the driver. Without it in the clone's config git merges as ever. */
export const signatureAttributes = [
  '/manifests/**/*.json merge=holdfast',
  '/public-keys/policy.json merge=holdfast',
] as const;
