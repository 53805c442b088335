import { tests } from '../../vitest.base.ts';

export default tests('manifest', { testTimeout: 60_000 });
