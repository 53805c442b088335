import type { Auth } from '@holdfast/http';
import type { PinTarget } from '@holdfast/pinning';
import { Misuse } from '../frame/misuse.ts';
import { fromCwd } from '../frame/operand-file.ts';
import { authFrom, checkedToken, type SecretPorts, secretFrom } from '../frame/secret.ts';
import { type ChosenTarget, targetNames } from './target-kind.ts';

export async function openTarget(target: ChosenTarget, ports: SecretPorts): Promise<PinTarget> {
  const { ClusterTarget, KuboTarget, LocalTarget, PinningServiceTarget } = await import('@holdfast/pinning');
  const { kind, places } = target;
  const auth = await targetAuth(target, ports);
  switch (kind) {
    case 'cluster':
      return new ClusterTarget({ endpoints: places, ...(auth && { auth }) });
    case 'kubo':
      return new KuboTarget({ endpoints: places, ...(auth && { auth }) });
    case 'pinning-service':
      return new PinningServiceTarget({ endpoint: places[0] ?? '', token: await serviceToken(ports) });
    case 'local':
      return new LocalTarget({ folder: places.map((place) => fromCwd(ports.cwd, place)) });
  }
}

/** The credentials of a cluster or a node; a pinning service has a token of its own kind. */
export async function targetAuth({ kind }: ChosenTarget, ports: SecretPorts): Promise<Auth | undefined> {
  const { secret } = targetNames[kind];
  return secret === undefined || kind === 'pinning-service' ? undefined : authFrom(secret, ports);
}

async function serviceToken(ports: SecretPorts): Promise<string> {
  const name = targetNames['pinning-service'].secret ?? '';
  const token = await secretFrom(name, ports);
  if (token === undefined) throw new Misuse('a pinning service needs a token', `set ${name} or ${name}_FILE`);
  return checkedToken(name, token);
}
