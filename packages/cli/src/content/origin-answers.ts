import { connect } from 'node:net';

/** What nodes at the origins of a dataset say when they are dialled. */
export interface OriginAnswers {
  readonly answered: readonly string[];
  readonly silent: readonly string[];
}

const mostOrigins = 20;
const deadlineMs = 5_000;
/** What both sides of a connection between IPFS nodes say first, after its length. */
const greeting = '\u0013/multistream/1.0.0\n';

/**
 * Whether a node listens at each address over TCP. Only a node can be asked by a node for content, so that an answer proves no content; where
 * none of them answers, no peer gets it from there. Other transports are left out.
 */
export async function originAnswers(
  origins: readonly string[],
  { signal }: { readonly signal: AbortSignal },
): Promise<OriginAnswers> {
  const dialled = origins.slice(0, mostOrigins).flatMap((address) => {
    const place = placeOf(address);
    return place === undefined ? [] : [{ address, answers: greets(place, signal) }];
  });
  const seen = await Promise.all(
    dialled.map(async ({ address, answers }) => ({ address, isThere: await answers })),
  );
  signal.throwIfAborted();
  return {
    answered: seen.filter(({ isThere }) => isThere).map(({ address }) => address),
    silent: seen.filter(({ isThere }) => !isThere).map(({ address }) => address),
  };
}

interface Place {
  readonly host: string;
  readonly port: number;
}

function placeOf(address: string): Place | undefined {
  const [, host, port] =
    /^\/(?:ip4|ip6|dns|dns4|dns6)\/([^/]+)\/tcp\/(\d{1,5})(?:\/p2p\/[^/]+)?$/.exec(address) ?? [];
  return host === undefined || Number(port) > 65_535 ? undefined : { host, port: Number(port) };
}

function greets({ host, port }: Place, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, signal });
    let text = '';
    const end = (isNode: boolean) => {
      socket.destroy();
      resolve(isNode);
    };
    socket.setTimeout(deadlineMs, () => end(false));
    const over = setTimeout(() => end(false), deadlineMs);
    socket.on('close', () => clearTimeout(over));
    socket.on('error', () => end(false));
    socket.on('end', () => end(false));
    socket.on('connect', () => socket.write(greeting));
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (text.startsWith(greeting)) end(true);
      else if (!greeting.startsWith(text.slice(0, greeting.length))) end(false);
    });
  });
}
