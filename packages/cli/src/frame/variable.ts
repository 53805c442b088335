import type { Ports } from './ports.ts';

/** The former name of each variable, before it took the name of the action's input. */
const formerly: Readonly<Record<string, string>> = {
  CLUSTER_URL: 'HOLDFAST_CLUSTER_URL',
  CLUSTER_AUTH: 'HOLDFAST_CLUSTER_AUTH',
  CLUSTER_AUTH_FILE: 'HOLDFAST_CLUSTER_AUTH_FILE',
  KUBO_URL: 'HOLDFAST_KUBO_URL',
  KUBO_AUTH: 'HOLDFAST_KUBO_AUTH',
  KUBO_AUTH_FILE: 'HOLDFAST_KUBO_AUTH_FILE',
  PINNING_SERVICE: 'HOLDFAST_PINNING_SERVICE_URL',
  PINNING_SERVICE_TOKEN: 'HOLDFAST_PINNING_SERVICE_TOKEN',
  PINNING_SERVICE_TOKEN_FILE: 'HOLDFAST_PINNING_SERVICE_TOKEN_FILE',
  GATEWAYS: 'HOLDFAST_GATEWAY',
};

export interface VariablePorts extends Pick<Ports, 'env'> {
  readonly note: (text: string) => void;
}

/** A variable of the environment. An empty one counts as unset. The former name still works, and a note names the new one. */
export function variable(name: string, { env, note }: VariablePorts): string | undefined {
  const value = env[name] || undefined;
  const old = formerly[name];
  const before = old === undefined ? undefined : env[old] || undefined;
  if (value !== undefined || before === undefined) return value;
  note(`${old} is now ${name}`);
  return before;
}
