import { type Auth, type Clock, parseAuth } from '@holdfast/http';
import { ClusterTarget, KuboTarget, PinningServiceTarget, type PinTarget } from '@holdfast/pinning';
import type { ActionInputs } from './inputs.ts';

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
