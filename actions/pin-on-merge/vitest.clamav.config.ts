import { reporters, tests } from '../../config/vitest.base.ts';

// Apart from the other tests, since ClamAV is installed by the system's package manager.
export default tests('clamav', {
  root: import.meta.dirname,
  include: ['test/clamav/*.clamav.ts'],
  reporters: reporters(),
});
