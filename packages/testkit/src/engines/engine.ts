import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A program the tests and the demo run for real. */
export type EngineName = 'kubo' | 'cluster-service' | 'cluster-ctl' | 'act' | 'actionlint';

export interface Engine {
  name: EngineName;
  /** The folder under `engines/` whose Go module brings it. One module may bring several engines. */
  module: string;
  /** The Go module that gives it its version. */
  source: string;
  binary: string;
  /** The environment variable that names a binary to use instead. */
  variable: string;
  /** Older versions that the tests pass on too; only the variable can choose one. */
  alsoSupported?: readonly string[];
}

const olderClusters = ['1.0.8'];

export const engines: Record<EngineName, Engine> = {
  kubo: {
    name: 'kubo',
    module: 'kubo',
    source: 'github.com/ipfs/kubo',
    binary: 'ipfs',
    variable: 'HOLDFAST_KUBO',
  },
  'cluster-service': {
    name: 'cluster-service',
    module: 'ipfs-cluster',
    source: 'github.com/ipfs-cluster/ipfs-cluster',
    binary: 'ipfs-cluster-service',
    variable: 'HOLDFAST_CLUSTER_SERVICE',
    alsoSupported: olderClusters,
  },
  'cluster-ctl': {
    name: 'cluster-ctl',
    module: 'ipfs-cluster',
    source: 'github.com/ipfs-cluster/ipfs-cluster',
    binary: 'ipfs-cluster-ctl',
    variable: 'HOLDFAST_CLUSTER_CTL',
    alsoSupported: olderClusters,
  },
  act: {
    name: 'act',
    module: 'act',
    source: 'github.com/nektos/act',
    binary: 'act',
    variable: 'HOLDFAST_ACT',
  },
  actionlint: {
    name: 'actionlint',
    module: 'actionlint',
    source: 'github.com/rhysd/actionlint',
    binary: 'actionlint',
    variable: 'HOLDFAST_ACTIONLINT',
  },
};

/** The repository's `engines/` folder. */
export const enginesFolder = fileURLToPath(new URL('../../../../engines/', import.meta.url));

/** The one version that is wanted of an engine: the one its go.mod requires. */
export function engineVersion(engine: Engine, folder: string = enginesFolder): string {
  const file = join(folder, engine.module, 'go.mod');
  const line = readFileSync(file, 'utf8')
    .split('\n')
    .map((text) =>
      text
        .trim()
        .replace(/^require\s+/, '')
        .split(/\s+/),
    )
    .find(([module]) => module === engine.source);
  if (!line?.[1]?.startsWith('v')) throw new Error(`${file} requires no version of ${engine.source}`);
  return line[1].slice(1);
}

/** The engine is not on this machine. The message says how to get it. */
export class EngineMissing extends Error {
  override name = 'EngineMissing';
  readonly engine: EngineName;

  constructor(engine: EngineName, message: string, options?: ErrorOptions) {
    super(message, options);
    this.engine = engine;
  }
}
