// Generated from .github/workflows by scripts/generate.ts; edit those.

/** The workflows of a repository of manifests by their paths: which release of the actions, which default branch. */
export const workflowFiles = (at: {
  readonly ref: string;
  readonly branch: string;
}): Readonly<Record<string, string>> => ({
  '.github/workflows/validate-manifests.yml': `name: Validate manifests

on:
  pull_request:
  merge_group:

permissions: {}

concurrency:
  group: validate-manifests-\${{ github.ref }}
  cancel-in-progress: \${{ github.event_name == 'pull_request' }}

jobs:
  validate:
    name: Manifests
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    permissions:
      contents: read # to read the manifests, the keys and the commit they are compared with
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          persist-credentials: false
      - name: Validate
        uses: holdfast-data/holdfast/actions/validate-manifests@${at.ref}
        with:
          gateways: \${{ vars.GATEWAYS }}
`,
  '.github/workflows/pin-on-merge.yml': `name: Pin on merge

on:
  push:
    branches: [${at.branch}]

permissions: {}

# One run at a time changes the cluster, the ones of heal.yml included.
concurrency:
  group: ipfs-cluster
  cancel-in-progress: false

jobs:
  pin:
    name: Copies
    if: vars.CLUSTER_URL != ''
    runs-on: ubuntu-24.04
    timeout-minutes: 60
    environment: ipfs-cluster
    permissions:
      contents: read # to read the manifests, the keys and the commit before the push
      statuses: write # for the commit's status
      pull-requests: write # for the one comment on the merged pull request
      id-token: write # to sign the receipt
      attestations: write # to store the signed receipt
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          persist-credentials: false
      - name: Pin
        id: pin
        uses: holdfast-data/holdfast/actions/pin-on-merge@${at.ref}
        with:
          cluster-url: \${{ vars.CLUSTER_URL }}
          cluster-auth: \${{ secrets.CLUSTER_AUTH }}
          gateways: \${{ vars.GATEWAYS }}
      - name: Sign the receipt
        if: '!cancelled() && steps.pin.outputs.receipt'
        uses: actions/attest@1e69f48acb82d1966a394da916b4c1698aa569d6 # v4.2.2
        with:
          subject-checksums: \${{ steps.pin.outputs.receipt-subjects }}
          predicate-type: \${{ steps.pin.outputs.receipt-type }}
          predicate-path: \${{ steps.pin.outputs.receipt-predicate }}

  not-set-up:
    name: No cluster is set up
    if: vars.CLUSTER_URL == ''
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - name: Say what is missing
        run: >-
          echo '::notice title=Nothing was pinned::No cluster is set up. Set the variable CLUSTER_URL and, in the
          environment ipfs-cluster, the secret CLUSTER_AUTH.'
`,
  '.github/workflows/heal.yml': `name: Heal

on:
  schedule:
    - cron: '17 */6 * * *'
  workflow_dispatch:

permissions: {}

# One run at a time changes the cluster, the ones of pin-on-merge.yml included.
concurrency:
  group: ipfs-cluster
  cancel-in-progress: false

jobs:
  heal:
    name: Copies
    if: vars.CLUSTER_URL != ''
    runs-on: ubuntu-24.04
    timeout-minutes: 60
    environment: ipfs-cluster
    permissions:
      contents: read # to read the manifests and the keys
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          persist-credentials: false
      - name: Look at every dataset and repair
        uses: holdfast-data/holdfast/actions/pin-on-merge@${at.ref}
        with:
          cluster-url: \${{ vars.CLUSTER_URL }}
          cluster-auth: \${{ secrets.CLUSTER_AUTH }}
          gateways: \${{ vars.GATEWAYS }}
          mode: all
`,
});
