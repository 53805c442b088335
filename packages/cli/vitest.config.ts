import { tests } from '../../config/vitest.base.ts';

export default tests('cli', { globalSetup: ['test/support/build.ts'] });
