import { tests } from '../../config/vitest.base.ts';

// Each test starts git and Node several times.
export default tests('validate-manifests', {
  globalSetup: ['test/bundle-build.ts'],
});
