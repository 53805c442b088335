import { tests } from '../../vitest.base.ts';

export default tests('testkit', { testTimeout: 20_000, hookTimeout: 20_000 });
