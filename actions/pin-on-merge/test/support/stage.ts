import {
  type ClusterOptions,
  type GitFiles,
  startCluster,
  type TestCluster,
  type TestPeer,
} from '@holdfast/testkit';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { Scene } from './scene.ts';

export const auth = { user: 'pinner', password: 'correct-horse-battery' };
export const tides = { 'README.md': '# Tides\n', 'data/1990.csv': 'hour,height\n0,1.2\n' };
export const winds = { 'winds.csv': 'hour,speed\n0,7\n' };

/** The cluster of the file that has set the stage, empty before each test. */
export let cluster: TestCluster;
/** The repository of the test, made anew for each. */
export let scene: Scene;

interface StageOptions extends ClusterOptions {
  /** What the repository begins with, beside Alice's key. */
  readonly files?: () => GitFiles;
}

/** One cluster for all tests of a file, and a scene for each of them. */
export function setStage({ files = () => ({}), ...options }: StageOptions = {}): void {
  beforeAll(async () => {
    cluster = await startCluster(options);
  });
  afterAll(() => cluster?.close());
  beforeEach(async () => {
    scene = await Scene.open(files());
  });
  afterEach(async () => {
    await scene[Symbol.asyncDispose]();
    await cluster.clean();
  });
}

/** The inputs that name the cluster, with its credentials where it has any. */
export function inputs(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    'cluster-url': cluster.urls.join('\n'),
    ...(cluster.auth && { 'cluster-auth': `${cluster.auth.user}:${cluster.auth.password}` }),
    timeout: '60s',
    ...more,
  };
}

export function peer(index: number): TestPeer {
  const found = cluster.peers[index];
  if (found === undefined) throw new Error(`no peer ${index}`);
  return found;
}

/** A bearer token that the cluster issues for its credentials. */
export async function bearerToken(): Promise<string> {
  const { token } = (await (await peer(0).request('/token', 'POST')).json()) as { token: string };
  return token;
}
