import type { NameNode, Source } from '@holdfast/retrieval';
import type { Tools } from '../frame/command.ts';
import { type Finding, Findings } from './finding.ts';
import { aheadText, type Look, look } from './look.ts';

/** The empty content, which is in its own CID: whoever serves it is alive and speaks raw blocks. */
const emptyBlock = 'ipfs/bafkqaaa?format=raw';
/** A name of a key that nobody has: a router says so, anything else has no such page. */
const unknownName = 'routing/v1/ipns/k51qzi5uqu5dgutdk6i1ynyzgkqngpha5xpgia3a5qqp4jsh0u4csozksxel2r';

export async function gatewaysState(gateways: readonly Source[], tools: Tools): Promise<readonly Finding[]> {
  const found = new Findings('gateways');
  await Promise.all(
    gateways.map(async ({ url }) => {
      const headers = { accept: 'application/vnd.ipld.raw' };
      await seen(found, url, emptyBlock, headers, tools, ({ status, body }) => {
        if (status === 200 && body === '') found.ok(url, 'serves blocks');
        else if (status === 200)
          found.error(
            url,
            'it answers with something else than the block',
            'is this a trustless gateway? Those of Kubo listen on port 8080',
          );
        else
          found.error(
            url,
            `it answers ${status} to a request for a block`,
            'is this a gateway, and is its path right?',
          );
      });
    }),
  );
  return found.all({ subject: 'GATEWAYS', message: 'none named; fetch asks the usual ones' });
}

export async function routersState(routers: readonly NameNode[], tools: Tools): Promise<readonly Finding[]> {
  const found = new Findings('routers');
  await Promise.all(
    routers.map(async ({ url }) => {
      const headers = { accept: 'application/vnd.ipfs.ipns-record' };
      await seen(found, url, unknownName, headers, tools, ({ status, body }) => {
        if (status < 300 || (status === 404 && !body.startsWith('404 page not found')))
          found.ok(url, 'answers for names');
        else if (status === 404)
          found.error(
            url,
            'it is no router',
            'on Kubo: ipfs config --json Gateway.ExposeRoutingAPI true, then start it again',
          );
        else found.error(url, `it answers ${status} to a question for a name`, 'look at its log');
      });
    }),
  );
  return found.all({ subject: 'ROUTERS', message: 'none named; names need some' });
}

async function seen(
  found: Findings,
  url: string,
  path: string,
  headers: Record<string, string>,
  tools: Tools,
  judge: (answer: Look) => void,
): Promise<void> {
  try {
    const answer = await look(url, path, { headers, signal: tools.signal, clock: tools.clock });
    judge(answer);
    if (answer.aheadMs !== undefined)
      found.warn(
        url,
        `the clock there is ${aheadText(answer.aheadMs)}`,
        'set both clocks, for example with timedatectl set-ntp true',
      );
  } catch (error) {
    found.error(url, (error as Error).message, 'is it running, and is the address right?');
  }
}
