import { tests } from '../../config/vitest.base.ts';

// Real files and real engines, on machines that are busy with other suites.
export default tests('content');
