import { pinAction } from './actions/pin-action.ts';
import { validateAction } from './actions/validate-action.ts';
import { hashAgain } from './content/hash-again.ts';
import { hashBigFile, hashManyFiles, hashMixedTree } from './content/hash-folder.ts';
import { writeCarFile } from './content/write-car.ts';
import { applyGrowth } from './growth/apply-pins.ts';
import { operationGrowth } from './growth/operations.ts';
import type { Benchmark } from './harness/benchmark.ts';
import { proveFileList, writeFileList } from './manifest/file-list.ts';
import { verifyBigManifest, verifyManifests } from './manifest/verify-manifests.ts';
import { verifySignatures } from './manifest/verify-signatures.ts';
import { engineBatching } from './pinning/engine-batching.ts';
import { submitToGroup } from './pinning/group-submit.ts';
import { statusOfAll } from './pinning/status-of-all.ts';
import { submitAndWait } from './pinning/submit-and-wait.ts';
import { checkRepository } from './repository/check-repository.ts';
import { cacheHits } from './retrieval/cache-hits.ts';
import { fetchHealthy } from './retrieval/fetch-healthy.ts';
import { fetchPastFaults } from './retrieval/fetch-past-faults.ts';
import { namesPastHungNodes } from './retrieval/names-past-hung-nodes.ts';
import { proveCopiesOfMany } from './retrieval/prove-copies.ts';
import { verifyRecords } from './retrieval/verify-records.ts';
import { buildSite } from './site/build-site.ts';
import { bundleSize } from './start-up/bundle-size.ts';
import { commandLineStartUp } from './start-up/command-line.ts';

/** Every benchmark there is, in the order they run. */
export const benchmarks: readonly Benchmark[] = [
  bundleSize,
  commandLineStartUp,
  hashBigFile,
  hashManyFiles,
  hashMixedTree,
  hashAgain,
  writeCarFile,
  fetchHealthy,
  fetchPastFaults,
  cacheHits,
  namesPastHungNodes,
  verifyRecords,
  proveCopiesOfMany,
  verifyManifests,
  verifyBigManifest,
  proveFileList,
  writeFileList,
  verifySignatures,
  checkRepository,
  validateAction,
  pinAction,
  submitAndWait,
  submitToGroup,
  engineBatching,
  statusOfAll,
  buildSite,
  operationGrowth,
  applyGrowth,
];
