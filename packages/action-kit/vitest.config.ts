import { tests } from '../../vitest.base.ts';

export default tests('action-kit');
