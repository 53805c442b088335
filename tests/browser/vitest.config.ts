import { reporters, tests } from '../../config/vitest.base.ts';

// Apart from the other tests, since Chromium is installed by the system's package manager.
export default tests('browser', {
  root: `${import.meta.dirname}/../..`,
  include: ['packages/*/test/browser/*.chromium.ts', 'tests/browser/*.chromium.ts'],
  reporters: reporters(),
});
