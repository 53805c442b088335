import type { DescribedProblem } from '@holdfast/manifest/internal';

/** The codes of `verify-content`. */
export const contentCatalogue = {
  'content/different': {
    severity: 'error',
    meaning: 'The content under a CID has another size or SHA-256 than the manifest lists.',
    fix: 'Create the manifest from the files again (`holdfast create`), sign it and publish the content.',
  },
  'content/unavailable': {
    severity: 'error',
    meaning: 'No gateway could serve the content.',
    fix: 'Publish the content (`holdfast publish`) to a node that the gateways reach.',
  },
  'content/deadline': {
    severity: 'error',
    meaning: 'Content was not fetched before the deadline.',
    fix: 'Raise the input `content-deadline`, or add a gateway closer to the content.',
  },
} as const satisfies Record<string, DescribedProblem>;
