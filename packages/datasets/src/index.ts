// From a commit to what is asked of a target.
export { acceptManifests, type JudgedManifests } from './accept-manifests.ts';
export type { AcceptedManifest } from './accepted-manifest.ts';
export { datasetId, datasetName, datasetOfPin, listPinId } from './dataset-id.ts';
// How each dataset came out.
export { type DatasetResult, describeDataset, type RetrievalResult } from './dataset-result.ts';
export { type Desired, desiredPins } from './desired.ts';
// What is pinned, held against what readers find.
export { type Findable, type FindVerdict, findable, findableText } from './findable.ts';
// What the names of the policy point to.
export { type FollowPorts, followNames } from './names/follow-names.ts';
export { parseNameKeys } from './names/name-keys.ts';
export type { NameOutcome, NameResult } from './names/name-result.ts';
export { type NamedVersion, type WantedName, wantedNames } from './names/wanted-names.ts';
export { pinRequest } from './pin-request.ts';
export {
  newPins,
  type PlanDatasetsOptions,
  type PlannedDatasets,
  planDatasets,
  planEmptyTarget,
  withoutSteps,
} from './plan-datasets.ts';
export { type AppliedResultsOptions, appliedResults, failedResults, plannedResults } from './results.ts';
export { type PicturedPhase, rolloutMermaid } from './rollout/rollout-picture.ts';
export { countVerdicts, type DatasetVerdict, type VerdictCounts, verdictPhrase } from './verdict.ts';
