import type { Auth } from '@holdfast/http';
import { commandPath } from '@holdfast/manifest/text';
import type { LocalTargetOptions, PinTarget } from '@holdfast/pinning';
import type { ClusterTargetOptions } from '@holdfast/pinning/cluster';
import { Misuse } from '../frame/misuse.ts';
import { fromCwd } from '../frame/operand-file.ts';
import type { Ports } from '../frame/ports.ts';
import { authOf, checkedToken, type SecretPorts, secretFrom } from '../frame/secret.ts';
import { webAddress } from '../frame/web-address.ts';
import { GroupBlocks } from './group-blocks.ts';
import { keptCredential } from './kept-credential.ts';
import { type Choice, type ChosenTarget, onlyTarget, targetNames } from './target-kind.ts';

export type TargetPorts = SecretPorts & Pick<Ports, 'signal'>;

/** What changes a target and ends its connections. */
export type OpenTarget = PinTarget & { close?: () => void };

export async function openTarget(
  target: ChosenTarget,
  ports: TargetPorts,
  { nodes = [], fetchBlock }: OpenOptions = {},
): Promise<OpenTarget> {
  const more = { nodes: await nodesWith(nodes, ports), fetchBlock };
  return openWith(target, await credentialOf(target, ports), ports, more);
}

interface OpenOptions {
  /** RPC addresses of the IPFS nodes of a cluster. */
  readonly nodes?: readonly string[];
  /** Where a folder gets what it lacks. */
  readonly fetchBlock?: LocalTargetOptions['fetchBlock'];
}

/** One target as it is, several as one. */
export async function openChoice(
  choice: Choice,
  ports: TargetPorts,
  nodes: readonly string[] = [],
): Promise<OpenTarget> {
  const [target] = await openChoices([choice], ports, nodes);
  return target as OpenTarget;
}

/** Several at once, whose folders get what they lack from each other. */
export async function openChoices(
  choices: readonly Choice[],
  ports: TargetPorts,
  nodes: readonly string[] = [],
): Promise<readonly OpenTarget[]> {
  const all = choices.flatMap(({ targets }) => targets);
  const blocks = new GroupBlocks(all.flatMap(({ named }) => named?.gateways ?? []));
  const open = async (chosen: ChosenTarget) => {
    const isCluster = chosen.kind === 'cluster';
    const options = { nodes: isCluster ? nodes : [], fetchBlock: all.length > 1 ? blocks.fetch : undefined };
    const target = await openTarget(chosen, ports, options);
    blocks.add(target);
    return target;
  };
  return Promise.all(
    choices.map(async (choice) => {
      const only = onlyTarget(choice);
      if (only !== undefined) return open(only);
      const { targets, quorums } = choice;
      const { TargetGroup } = await import('@holdfast/pinning');
      const members = await Promise.all(
        targets.map(async (chosen) => ({
          name: chosen.named?.name ?? chosen.kind,
          region: chosen.named?.region,
          target: await open(chosen),
        })),
      );
      return new TargetGroup({ members, quorums });
    }),
  );
}

/** With a credential that may not be kept yet. */
export async function openWith(
  target: ChosenTarget,
  credential: Credential | undefined,
  ports: Pick<Ports, 'cwd'>,
  {
    nodes = [],
    fetchBlock,
  }: Pick<ClusterTargetOptions, 'nodes'> & Pick<LocalTargetOptions, 'fetchBlock'> = {},
): Promise<OpenTarget> {
  const { ClusterTarget, KuboTarget, LocalTarget, PinningServiceTarget } = await import('@holdfast/pinning');
  const { kind, places } = target;
  const auth = credential && authOf(credential.named, credential.secret);
  switch (kind) {
    case 'cluster':
      return new ClusterTarget({ endpoints: places, ...(auth && { auth }), nodes });
    case 'kubo':
      return new KuboTarget({ endpoints: places, ...(auth && { auth }) });
    case 'pinning-service':
      return new PinningServiceTarget({ endpoint: places[0] ?? '', token: serviceToken(target, credential) });
    case 'local':
      return new LocalTarget({
        folder: places.map((place) => fromCwd(ports.cwd, place)),
        ...(fetchBlock && { fetchBlock }),
      });
  }
}

/** The credentials of a cluster or a node; a pinning service has a token of its own kind. */
export async function targetAuth(target: ChosenTarget, ports: TargetPorts): Promise<Auth | undefined> {
  const credential = target.kind === 'pinning-service' ? undefined : await credentialOf(target, ports);
  return credential && authOf(credential.named, credential.secret);
}

/** A secret with the name that messages use instead of it. */
export interface Credential {
  readonly named: string;
  readonly secret: string;
}

/** Of a named target: its variable, else what `holdfast login` kept. Of another one: the variable of its kind. */
export async function credentialOf(
  { kind, named }: ChosenTarget,
  ports: TargetPorts,
): Promise<Credential | undefined> {
  const variable = named ? named.env : targetNames[kind].secret;
  const fromVariable = variable === undefined ? undefined : await secretFrom(variable, ports);
  if (fromVariable !== undefined) return { named: variable ?? '', secret: fromVariable };
  if (named === undefined || kind === 'local') return undefined;
  const kept = await keptCredential(named, ports);
  return kept === undefined ? undefined : { named: `the credential of ${named.name}`, secret: kept };
}

/** The IPFS nodes of a cluster, with the credentials of a node. */
async function nodesWith(
  urls: readonly string[],
  ports: TargetPorts,
): Promise<NonNullable<ClusterTargetOptions['nodes']>> {
  if (urls.length === 0) return [];
  for (const url of urls)
    webAddress('--node-url', url, 'http://127.0.0.1:5001', 'put user:password, or a token, into KUBO_AUTH');
  const { secret: name = '' } = targetNames.kubo;
  const secret = await secretFrom(name, ports);
  const auth = secret === undefined ? undefined : authOf(name, secret);
  return urls.map((url) => ({ url, ...(auth && { auth }) }));
}

function serviceToken({ named }: ChosenTarget, credential: Credential | undefined): string {
  if (credential) return checkedToken(credential.named, credential.secret);
  const { secret = '' } = targetNames['pinning-service'];
  throw new Misuse(
    'a pinning service needs a token',
    named ? `holdfast login ${commandPath(named.name, 'NAME')}` : `set ${secret} or ${secret}_FILE`,
  );
}
