import { createNames, type NameNode, type Names } from '@holdfast/retrieval';
import { folderNameStore } from '@holdfast/retrieval/node';
import type { Flags, Tools, Values } from '../frame/command.ts';
import { Misuse } from '../frame/misuse.ts';
import { variable } from '../frame/variable.ts';
import { webAddress } from '../frame/web-address.ts';
import { stateFolder } from './state-folder.ts';

/** Where names are looked up by default: a node on this machine, then a public router. */
const usual: readonly string[] = ['http://127.0.0.1:8080', 'https://delegated-ipfs.dev'];

export const routerFlags = {
  router: {
    type: 'string',
    value: 'URL',
    multiple: true,
    about: `node that keeps names: a delegated router, or the gateway of a Kubo node with Gateway.ExposeRoutingAPI; default: $ROUTERS, else ${usual.join(' and ')} to read`,
  },
} as const satisfies Flags;

export function routersFor(flags: Values<typeof routerFlags>, tools: Tools): readonly NameNode[] {
  const named = flags.router.map((url) => nodeOf('--router', url));
  if (named.length > 0) return named;
  const listed = (variable('ROUTERS', tools) ?? '').split(/[\s,]+/).filter(Boolean);
  return listed.map((url) => nodeOf('ROUTERS', url));
}

/** Names over the routers given, which are written to. */
export function openNames(flags: Values<typeof routerFlags>, tools: Tools): Names {
  const nodes = routersFor(flags, tools);
  if (nodes.length === 0)
    throw new Misuse(
      'no router: which nodes should keep the name?',
      'set ROUTERS="http://127.0.0.1:8080 https://router.example.org", or use --router; more than half of them must take it',
    );
  return names(nodes, tools);
}

/** Names over the routers given, or the usual ones, which are read only. */
export function openReadNames(flags: Values<typeof routerFlags>, tools: Tools): Names {
  return names(readRoutersFor(flags, tools), tools);
}

/** The routers given, or the usual ones, to ask and not to write to. */
export function readRoutersFor(flags: Values<typeof routerFlags>, tools: Tools): readonly NameNode[] {
  const nodes = routersFor(flags, tools);
  return nodes.length > 0 ? nodes : usual.map((url) => nodeOf('', url));
}

function names(nodes: readonly NameNode[], tools: Tools): Names {
  tools.waitingFor(nodes.map(({ url }) => url).join(', '));
  return createNames(nodes, { store: folderNameStore(stateFolder(tools.env)) });
}

function nodeOf(named: string, url: string): NameNode {
  const instead = 'routers take no credentials here: leave them out of the address';
  return { kind: 'router', url: webAddress(named, url, 'http://127.0.0.1:8080', instead) };
}
