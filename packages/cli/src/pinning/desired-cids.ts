import type { Tier } from '@holdfast/manifest';
import { copiesFor, type PinRequest, type PinTarget } from '@holdfast/pinning';
import type { Flags, Tools, Values } from '../frame/command.ts';
import { Misuse } from '../frame/misuse.ts';
import { noTrust, trustFrom } from '../keys/trust-folder.ts';
import { type DesiredDatasets, type datasetFlags, ownerOf } from './desired-datasets.ts';

/** What a CID needs that no manifest says. */
export const cidFlags = {
  tier: {
    type: 'string',
    choices: ['critical', 'important', 'standard', 'ephemeral'],
    about: 'for CIDs: the copies that they are worth',
  },
  name: { type: 'string', value: 'NAME', about: 'for one CID: the name of its pin; default: the CID' },
  expires: {
    type: 'string',
    value: 'TIME',
    about: 'for CIDs: when their pins end, for example 2027-01-01T00:00:00Z',
  },
} as const satisfies Flags;

/** Content that a script names by its CIDs: nobody signed for it, so it has a claim of its own and no dataset's id. */
export async function desiredCids(
  cids: readonly string[],
  flags: Values<typeof datasetFlags> & Values<typeof cidFlags>,
  target: PinTarget,
  tools: Tools,
): Promise<DesiredDatasets> {
  const { tier, name, expires } = flags;
  if (tier === undefined)
    throw new Misuse(
      'a CID needs --tier: no manifest says how many copies it is worth',
      'for example --tier standard',
    );
  if (name !== undefined && cids.length > 1)
    throw new Misuse('--name is for one CID', 'leave it out, or run it once for each');
  if (expires !== undefined && Number.isNaN(Date.parse(expires)))
    throw new Misuse(`--expires expects a time such as 2027-01-01T00:00:00Z, got "${expires}"`);
  const { trust } = (await trustFrom(tools.cwd, flags['public-keys'])) ?? noTrust(tools.cwd);
  const copies = copiesFor(tier as Tier, { [tier]: trust.tiers[tier as Tier] });
  const owner = await ownerOf(target, flags, tools);
  const requests = [...new Set(cids)].map(
    (cid): PinRequest => ({
      cid,
      id: `cid/${cid}`,
      owner,
      name: name ?? cid,
      copies,
      ...(expires !== undefined && { expires: new Date(expires).toISOString() }),
    }),
  );
  const none = { withdrawn: [], withdrawnPins: [], byId: new Map(), problems: [], sources: new Map() };
  return { owner, requests, names: new Map(), trust, ...none };
}

/** A flag for CIDs beside manifests would be without effect. */
export function refuseCidFlags(flags: Values<typeof cidFlags>): void {
  const given = Object.keys(cidFlags).find((name) => flags[name as keyof typeof cidFlags] !== undefined);
  if (given !== undefined)
    throw new Misuse(`--${given} is for CIDs: a manifest says it itself`, 'leave it out, or name a CID');
}
