import type { BlockSource } from '@holdfast/content';
import { LocalTarget, type PinTarget } from '@holdfast/pinning';
import { servedRoots } from '@holdfast/retrieval';
import type { Flags, Tools, Values } from '../frame/command.ts';
import { openTarget, targetAuth } from '../pinning/open-target.ts';
import { ofTarget } from '../pinning/target-error.ts';
import { configuredTargets, targetFlags } from '../pinning/target-flags.ts';
import type { ChosenTarget } from '../pinning/target-kind.ts';
import { localSource } from './local-source.ts';
import type { ContentServed } from './new-content.ts';
import { gatewaysNamed, gatewaysOf } from './source-flags.ts';

export const servedFlags = {
  retrievable: {
    type: 'string',
    choices: ['auto', 'true', 'false'],
    about:
      'ask gateways and the target for new content. auto: where any are named, and only say what they lack; true: fail; false: do not ask; default: auto, with --staged false',
  },
  gateway: {
    type: 'string',
    value: 'URL',
    multiple: true,
    about: 'gateway to ask for new content; default: $GATEWAYS',
  },
  ...targetFlags,
} as const satisfies Flags;

const askMs = 60_000;

/** Whether the content can be had by now from the gateways and the target that flags and the environment name. */
export async function contentServed(
  cids: readonly string[],
  flags: Values<typeof servedFlags>,
  tools: Tools,
): Promise<ContentServed> {
  const gateways = gatewaysNamed(flags.gateway, tools);
  const { targets } = await configuredTargets(flags, tools);
  if (cids.length === 0 || gateways.length + targets.length === 0) return { asked: '', served: new Map() };
  const signal = AbortSignal.any([tools.signal, AbortSignal.timeout(askMs)]);
  const served = new Map<string, boolean>();
  const names: string[] = [];
  const ask = async (name: string, sources: readonly BlockSource[]) => {
    names.push(name);
    for (const source of sources) {
      const open = cids.filter((cid) => served.get(cid) !== true);
      for (const [cid, found] of await servedRoots(open, source, { signal })) served.set(cid, found);
    }
  };
  tools.waitingFor('the gateways and the target');
  for (const target of targets)
    await ask(target.places.join(', '), await sourcesOf(target, served, cids, { ...tools, signal }));
  if (gateways.length > 0) await ask('the gateways', [gatewaysOf(gateways)]);
  tools.signal.throwIfAborted();
  return { asked: names.join(' and '), served };
}

/** A node and a folder give blocks. A cluster and a service tell only what is pinned, so that what they lack stays unknown. */
async function sourcesOf(
  chosen: ChosenTarget,
  served: Map<string, boolean>,
  cids: readonly string[],
  tools: Tools,
): Promise<readonly BlockSource[]> {
  if (chosen.kind === 'kubo') {
    const auth = await targetAuth(chosen, tools);
    return [gatewaysOf(chosen.places.map((url) => ({ kind: 'kubo', url, auth })))];
  }
  const target: PinTarget & { close?: () => void } = await openTarget(chosen, tools);
  if (target instanceof LocalTarget) return [localSource(target)];
  try {
    for await (const { cid, peers } of target.observe(cids, { detail: 'copies', signal: tools.signal }))
      if (peers.some(({ state }) => state === 'pinned')) served.set(cid, true);
  } catch (error) {
    tools.note(
      `${target.label} could not be asked for new content: ${(ofTarget(error, chosen) as Error).message}`,
    );
  } finally {
    target.close?.();
  }
  return [];
}
