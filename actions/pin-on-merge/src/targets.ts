import { Misuse, type Runner } from '@holdfast/action-kit';
import type { PhaseGateway } from '@holdfast/datasets/proof';
import { type Auth, type Clock, parseAuth } from '@holdfast/http';
import type { RolloutRules, TargetPlace } from '@holdfast/manifest/internal';
import {
  ClusterTarget,
  KuboTarget,
  PinningServiceTarget,
  type PinTarget,
  TargetGroup,
} from '@holdfast/pinning';
import { type ActionInputs, maskParts } from './inputs.ts';

/** The credentials that an input holds. */
export function authOf(secret: string | undefined): Auth | undefined {
  return secret === undefined ? undefined : parseAuth(secret);
}

/** The one target that the inputs name. */
export function openTarget(inputs: ActionInputs, clock: Clock): PinTarget | undefined {
  const cluster = inputs['cluster-url'];
  const nodesAuth = authOf(inputs['kubo-auth']);
  const clusterAuth = authOf(inputs['cluster-auth']);
  if (cluster !== undefined) {
    // The nodes of a cluster replace damaged blocks themselves.
    const nodes = (inputs['kubo-url'] ?? []).map((url) => ({ url, ...(nodesAuth && { auth: nodesAuth }) }));
    return new ClusterTarget({ endpoints: cluster, clock, nodes, ...(clusterAuth && { auth: clusterAuth }) });
  }
  const endpoint = inputs['pinning-service'];
  const token = inputs['pinning-service-token'];
  if (endpoint !== undefined && token !== undefined)
    return new PinningServiceTarget({ endpoint, token, clock });
  const nodes = inputs['kubo-url'];
  if (nodes === undefined) return undefined;
  return new KuboTarget({ endpoints: nodes, ...(nodesAuth && { auth: nodesAuth }) });
}

export interface OpenedTargets {
  readonly target: PinTarget;
  /** Where readers get what the targets keep. */
  readonly gateways: readonly PhaseGateway[];
  /** How new versions go out. */
  readonly rollout?: RolloutRules | undefined;
  readonly notes: readonly string[];
}

/** The targets of a file, as one. */
export async function openTargets(
  bytes: Uint8Array | undefined,
  file: string,
  { runner, clock }: { readonly runner: Runner; readonly clock: Clock },
): Promise<OpenedTargets> {
  if (bytes === undefined)
    throw new Misuse([`input "targets" expected a file of the repository, got ${file}, which is not there`]);
  const { readTargets } = await import('./targets-file.ts');
  const read = readTargets(bytes, file);
  if (!read.ok) throw new Misuse(read.faults);
  const usable = read.places.filter(({ kind }) => kind !== 'local');
  if (usable.length === 0)
    throw new Misuse([`${file} expected at least one target that a runner can reach, got none`]);
  const faults: string[] = [];
  const secrets = usable.map((place) => secretOf(place, file, runner, faults));
  if (faults.length > 0) throw new Misuse(faults);
  const members = usable.map((place, index) => ({
    name: place.name,
    region: place.region,
    target: openPlace(place, secrets[index], clock),
  }));
  const folders = read.places.filter(({ kind }) => kind === 'local').map(({ name }) => name);
  return {
    target: new TargetGroup({ members, quorums: read.quorums, clock }),
    gateways: usable.flatMap(({ name: place, gateways = [] }) => gateways.map((url) => ({ url, place }))),
    rollout: read.rollout,
    notes: folders.map((name) => `target ${name} is a folder, which a runner does not have: it is left out`),
  };
}

function openPlace(
  { kind, url = '', urls = [url] }: TargetPlace,
  secret: string | undefined,
  clock: Clock,
): PinTarget {
  const auth = authOf(secret);
  if (kind === 'pinning-service')
    return new PinningServiceTarget({ endpoint: url, token: secret ?? '', clock });
  if (kind === 'kubo') return new KuboTarget({ endpoints: urls, ...(auth && { auth }) });
  return new ClusterTarget({ endpoints: urls, clock, ...(auth && { auth }) });
}

/** From the environment of the step, where the workflow put it. It is masked before anything else is said. */
function secretOf(
  { name, kind, auth }: TargetPlace,
  file: string,
  runner: Runner,
  faults: string[],
): string | undefined {
  const variable = auth?.env;
  const value = variable === undefined ? '' : (runner.environment[variable] ?? '').trim();
  if (value !== '') {
    maskParts(runner, value);
    return value;
  }
  if (variable !== undefined)
    faults.push(
      `target ${name} of ${file} expected its credential in ${variable}, got none; give the step "env: ${variable}"`,
    );
  else if (kind === 'pinning-service')
    faults.push(`target ${name} of ${file} expected "auth" with the variable of its token, got none`);
  return undefined;
}
