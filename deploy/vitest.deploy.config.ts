import { reporters, tests } from '../config/vitest.base.ts';

// Apart from the other tests: it needs root, for machines made of namespaces, and programs of the system's package manager.
export default tests('deploy', {
  root: import.meta.dirname,
  include: ['test/**/*.deploy.ts'],
  reporters: reporters(),
  // The machines of one file are enough for two cores.
  fileParallelism: false,
});
