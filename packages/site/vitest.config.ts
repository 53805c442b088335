import { tests } from '../../config/vitest.base.ts';

export default tests('site');
