import { reporters, tests } from '../../config/vitest.base.ts';

// Apart from the other tests, since the tools of others are installed with pip, from the network.
export default tests('exchange', {
  root: import.meta.dirname,
  include: ['test/exchange/*.peers.ts'],
  globalSetup: ['test/support/build.ts'],
  reporters: reporters(),
});
