import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GitFiles, PullRequest } from '@holdfast/testkit';

const root = new URL('../../../../', import.meta.url).pathname;
const workflows = ['validate-manifests', 'pin-on-merge', 'heal'].map(
  (name) => `.github/workflows/${name}.yml`,
);
const actions = ['actions/validate-manifests', 'actions/pin-on-merge'];

/** The workflows of this repository, and every file of the actions they run. */
export function workflowFiles(): GitFiles {
  const bundles = actions.flatMap((action) => [
    `${action}/action.yml`,
    ...readdirSync(join(root, action, 'dist')).map((name) => `${action}/dist/${name}`),
  ]);
  return Object.fromEntries([...workflows, ...bundles].map((path) => [path, readFileSync(join(root, path))]));
}

/** What an attestation was asked for: the text of its inputs, and of the files they name. */
export interface Attested {
  readonly type: string;
  readonly subjects: string;
  readonly predicate: string;
}

/** Stands for actions/attest, which needs GitHub's signing service: keeps what it was given in `record`. */
export function attestStandIn(folder: string, record: string): Readonly<Record<string, string>> {
  const stub = join(folder, 'attest');
  mkdirSync(stub, { recursive: true });
  writeFileSync(
    join(stub, 'action.yml'),
    'name: attest\ndescription: stands in\ninputs:\n  subject-checksums: {}\n  predicate-type: {}\n  predicate-path: {}\nruns: { using: node24, main: index.cjs }\n',
  );
  const script = [
    "const { readFileSync, writeFileSync } = require('node:fs');",
    "const input = (name) => process.env['INPUT_' + name.toUpperCase()];",
    "const text = (name) => readFileSync(input(name), 'utf8');",
    "const attested = { type: input('predicate-type'), subjects: text('subject-checksums'), predicate: text('predicate-path') };",
    `writeFileSync(${JSON.stringify(record)}, JSON.stringify(attested));`,
  ];
  writeFileSync(join(stub, 'index.cjs'), script.join('\n'));
  const used = /actions\/attest@[0-9a-f]{40}/.exec(
    readFileSync(join(root, '.github/workflows/pin-on-merge.yml'), 'utf8'),
  );
  if (used === null) throw new Error('pin-on-merge.yml does not use actions/attest by a commit');
  return { [used[0]]: stub };
}

/** What GitHub tells a workflow of a pull request from the branch `topic`. */
export function pullRequestEvent(repository: string, { number, merge, head, base }: PullRequest) {
  return {
    number,
    repository: { full_name: repository, default_branch: 'main' },
    pull_request: {
      number,
      merge_commit_sha: merge,
      head: { ref: 'topic', sha: head },
      base: { ref: 'main', sha: base },
    },
  };
}
