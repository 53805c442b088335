import { createGateways, type Gateways, type Source } from '@holdfast/retrieval';
import type { Flags, Tools, Values } from '../frame/command.ts';
import { authFrom } from '../frame/secret.ts';
import { variable } from '../frame/variable.ts';
import { isLoopback, webAddress } from '../frame/web-address.ts';

/** The default places to read from: a node on this machine, then a public gateway. */
const usual: readonly string[] = ['http://127.0.0.1:8080', 'https://trustless-gateway.link'];

const local = 'local';

export const sourceFlags = {
  gateway: {
    type: 'string',
    value: 'URL',
    multiple: true,
    about: `gateway to read from; of several the fastest is asked, the others stand in; default: $GATEWAYS, else ${usual.join(' and ')}`,
  },
  'kubo-url': {
    type: 'string',
    formerly: 'kubo',
    value: 'URL',
    multiple: true,
    about: 'RPC API of a Kubo node to read from; its credentials: $KUBO_AUTH',
  },
} as const satisfies Flags;

export async function gatewaysFor(flags: Values<typeof sourceFlags>, tools: Tools): Promise<Gateways> {
  return gatewaysOf(await sourcesFor(flags, tools));
}

/** This machine is asked before the rest of the world. */
export function gatewaysOf(sources: readonly Source[]): Gateways {
  return createGateways(sources, { region: local });
}

export async function sourcesFor(
  flags: Values<typeof sourceFlags>,
  tools: Tools,
): Promise<readonly Source[]> {
  const auth = flags['kubo-url'].length > 0 ? await authFrom('KUBO_AUTH', tools) : undefined;
  const named: Source[] = [
    ...flags['kubo-url'].map((url): Source => ({ ...placeOf('--kubo-url', url), kind: 'kubo', auth })),
    ...flags.gateway.map((url) => gateway('--gateway', url)),
  ];
  if (named.length > 0) return named;
  const listed = gatewaysNamed([], tools);
  return listed.length > 0 ? listed : usual.map((url) => gateway('GATEWAYS', url));
}

/** The gateways that flags name, else those of GATEWAYS. Nobody else is asked about somebody's work. */
export function gatewaysNamed(flags: readonly string[], tools: Tools): readonly Source[] {
  if (flags.length > 0) return flags.map((url) => gateway('--gateway', url));
  const listed = (variable('GATEWAYS', tools) ?? '').split(/[\s,]+/).filter(Boolean);
  return listed.map((url) => gateway('GATEWAYS', url));
}

export function gateway(named: string, url: string): Source {
  return { ...placeOf(named, url), kind: 'gateway' };
}

function placeOf(named: string, address: string): Pick<Source, 'url' | 'region'> {
  const url = addressOf(named, address);
  return { url, region: isLoopback(new URL(url)) ? local : undefined };
}

function addressOf(named: string, url: string): string {
  return webAddress(
    named,
    url,
    'http://127.0.0.1:8080',
    'a credential in an address ends up in shell histories and logs; set KUBO_AUTH and use --kubo-url',
  );
}
