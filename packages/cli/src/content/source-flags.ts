import type { Source } from '@holdfast/content';
import type { Flags, Tools, Values } from '../frame/command.ts';
import { authFrom } from '../frame/secret.ts';
import { webAddress } from '../frame/web-address.ts';

/** Places to read from where nothing is said: a node on this machine, then the public gateway. */
const usual: readonly string[] = ['http://127.0.0.1:8080', 'https://trustless-gateway.link'];

export const sourceFlags = {
  gateway: {
    type: 'string',
    value: 'URL',
    multiple: true,
    about: `where to read from, tried in turn; HOLDFAST_GATEWAY, else ${usual.join(' and ')}`,
  },
  kubo: {
    type: 'string',
    value: 'URL',
    multiple: true,
    about: 'RPC API of a Kubo node to read from; HOLDFAST_KUBO_AUTH is for it',
  },
} as const satisfies Flags;

export async function sourcesFor(
  flags: Values<typeof sourceFlags>,
  tools: Tools,
): Promise<readonly Source[]> {
  const auth = flags.kubo.length > 0 ? await authFrom('HOLDFAST_KUBO_AUTH', tools) : undefined;
  const named: Source[] = [
    ...flags.kubo.map(
      (url): Source => ({ kind: 'kubo', url: addressOf('--kubo', url), ...(auth && { auth }) }),
    ),
    ...flags.gateway.map((url) => gateway('--gateway', url)),
  ];
  if (named.length > 0) return named;
  const variable = (tools.env.HOLDFAST_GATEWAY ?? '').split(/[\s,]+/).filter(Boolean);
  return (variable.length > 0 ? variable : usual).map((url) => gateway('HOLDFAST_GATEWAY', url));
}

export function gateway(named: string, url: string): Source {
  return { kind: 'gateway', url: addressOf(named, url) };
}

function addressOf(named: string, url: string): string {
  return webAddress(
    named,
    url,
    'http://127.0.0.1:8080',
    'a credential in an address ends up in shell histories and logs; use HOLDFAST_KUBO_AUTH with --kubo',
  );
}
