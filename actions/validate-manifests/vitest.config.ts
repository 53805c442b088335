import { tests } from '../../vitest.base.ts';

// Each test starts git and Node several times.
export default tests('validate-manifests', {
  globalSetup: ['test/bundle-build.ts'],
  testTimeout: 60_000,
  hookTimeout: 60_000,
});
