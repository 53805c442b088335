import { tests } from '../../vitest.base.ts';

// Real files and real engines, on machines that are busy with other suites.
export default tests('content', { testTimeout: 30_000 });
