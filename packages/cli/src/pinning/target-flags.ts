import type { PinTarget } from '@holdfast/pinning';
import type { Flags, Values } from '../frame/command.ts';
import { Misuse } from '../frame/misuse.ts';
import { fromCwd } from '../frame/operand-file.ts';
import type { Ports } from '../frame/ports.ts';
import { type Auth, authFrom, checkedToken, type SecretPorts, secretFrom } from '../frame/secret.ts';
import { webAddress } from '../frame/web-address.ts';
import type { TargetKind } from './target-kind.ts';

export const targetFlags = {
  cluster: {
    type: 'string',
    value: 'URL',
    multiple: true,
    about: 'REST API of an IPFS Cluster; HOLDFAST_CLUSTER_URL',
  },
  kubo: { type: 'string', value: 'URL', multiple: true, about: 'RPC API of a Kubo node; HOLDFAST_KUBO_URL' },
  'pinning-service': {
    type: 'string',
    value: 'URL',
    about: 'endpoint of a Pinning Service; HOLDFAST_PINNING_SERVICE_URL',
  },
  local: {
    type: 'string',
    value: 'FOLDER',
    about: 'keep copies in a folder of this machine; HOLDFAST_LOCAL',
  },
} as const satisfies Flags;

type Given = Values<typeof targetFlags>;

interface Kind {
  readonly flag: TargetKind;
  readonly variable: string;
  readonly secret?: string;
}

const kinds: readonly Kind[] = [
  { flag: 'cluster', variable: 'HOLDFAST_CLUSTER_URL', secret: 'HOLDFAST_CLUSTER_AUTH' },
  { flag: 'kubo', variable: 'HOLDFAST_KUBO_URL', secret: 'HOLDFAST_KUBO_AUTH' },
  {
    flag: 'pinning-service',
    variable: 'HOLDFAST_PINNING_SERVICE_URL',
    secret: 'HOLDFAST_PINNING_SERVICE_TOKEN',
  },
  { flag: 'local', variable: 'HOLDFAST_LOCAL' },
];

/** Where copies are to be kept, as far as it can be known without talking to it. */
export interface ChosenTarget {
  readonly kind: TargetKind;
  readonly places: readonly string[];
  readonly secretName?: string;
}

/** The one target named by flags, else the one named by the environment. */
export function chooseTarget(given: Given, env: Ports['env']): ChosenTarget {
  const byFlag = kinds.flatMap((kind) => {
    const values = [given[kind.flag] ?? []].flat();
    return chosen(
      kind,
      values.flatMap((value) => valuesOf(value, kind)),
      `--${kind.flag}`,
    );
  });
  const byVariable = kinds.flatMap((kind) =>
    chosen(kind, valuesOf(env[kind.variable] ?? '', kind), kind.variable),
  );
  const candidates = byFlag.length > 0 ? byFlag : byVariable;
  const [only, second] = candidates;
  if (!only) {
    throw new Misuse(
      'no target: say where copies are to be kept',
      'set HOLDFAST_CLUSTER_URL=https://cluster.example.org:9094 (and HOLDFAST_CLUSTER_AUTH), or use --cluster, --kubo, --pinning-service or --local',
    );
  }
  if (second) {
    const names = candidates.map((candidate) => candidate.named).join(' and ');
    throw new Misuse(`${names} name two targets; one at a time`, 'leave one out');
  }
  const { kind, places } = only;
  return { kind: kind.flag, places, ...(kind.secret && { secretName: kind.secret }) };
}

/** Several addresses stand apart by commas or spaces; the path of a folder may hold both. */
function valuesOf(text: string, { flag }: Kind): readonly string[] {
  const several = 'multiple' in targetFlags[flag];
  return (several ? text.split(/[\s,]+/) : [text]).filter(Boolean);
}

function chosen(kind: Kind, places: readonly string[], named: string) {
  if (kind.secret) {
    const instead = `put user:password, or a token, into ${kind.secret} and leave it out of the address`;
    for (const place of places) webAddress(named, place, 'http://127.0.0.1:9094', instead);
  }
  return places.length > 0 ? [{ kind, places, named }] : [];
}

export async function openTarget(target: ChosenTarget, ports: SecretPorts): Promise<PinTarget> {
  const { ClusterTarget, KuboTarget, LocalTarget, PinningServiceTarget } = await import('@holdfast/pinning');
  const { kind, places, secretName } = target;
  const auth = (): Promise<Auth | undefined> => authFrom(secretName ?? '', ports);
  switch (kind) {
    case 'cluster':
      return new ClusterTarget({ endpoints: places, ...given('auth', await auth()) });
    case 'kubo':
      return new KuboTarget({ endpoints: places, ...given('auth', await auth()) });
    case 'pinning-service':
      return new PinningServiceTarget({
        endpoint: places[0] ?? '',
        token: await serviceToken(secretName ?? '', ports),
      });
    case 'local':
      return new LocalTarget({ folder: fromCwd(ports.cwd, places[0] ?? '') });
  }
}

async function serviceToken(name: string, ports: SecretPorts): Promise<string> {
  const token = await secretFrom(name, ports);
  if (token === undefined) throw new Misuse('a pinning service needs a token', `set ${name} or ${name}_FILE`);
  return checkedToken(name, token);
}

function given<K extends string, V>(key: K, value: V | undefined): { [key in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [key in K]: V });
}
