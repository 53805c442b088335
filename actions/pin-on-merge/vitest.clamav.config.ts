import { tests } from '../../vitest.base.ts';

// Apart from the other tests, since ClamAV is installed by the system's package manager. .ci/run counts from the report.
export default tests('clamav', {
  root: import.meta.dirname,
  include: ['test/clamav/*.clamav.ts'],
  reporters: process.env.CI
    ? [
        'default',
        ['json', { outputFile: `${import.meta.dirname}/../../node_modules/.cache/holdfast/clamav.json` }],
      ]
    : ['default'],
});
