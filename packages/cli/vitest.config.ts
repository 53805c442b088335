import { tests } from '../../vitest.base.ts';

export default tests('cli', { globalSetup: ['test/support/build.ts'], testTimeout: 30_000 });
