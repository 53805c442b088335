import { access, constants, stat } from 'node:fs/promises';
import { bytes, commandPath, count, escapeText } from '@holdfast/manifest/text';
import { PinningError } from '@holdfast/pinning';
import type { TargetPeer } from '@holdfast/pinning/target';
import type { Tools, Values } from '../frame/command.ts';
import { parsedJson } from '../frame/parsed-json.ts';
import { isLoopback } from '../frame/web-address.ts';
import { exposedCredential } from '../pinning/kept-credential.ts';
import { namedTargets } from '../pinning/named-targets.ts';
import { credentialOf, openTarget, targetAuth } from '../pinning/open-target.ts';
import { ofTarget } from '../pinning/target-error.ts';
import { configuredTargets, type targetFlags } from '../pinning/target-flags.ts';
import { type ChosenTarget, targetNames } from '../pinning/target-kind.ts';
import { judgeConfig } from './engine-config.ts';
import { type Finding, Findings } from './finding.ts';
import { aheadText, look } from './look.ts';

/** Versions that the tests run on; others may do. */
const triedClusters = ['1.1.6', '1.0.8'];
const leastFree = 1e9;

/** The targets that files name, and the one that would be used now, asked as the commands ask it. */
export async function targetsState(
  flags: Values<typeof targetFlags>,
  tools: Tools,
): Promise<readonly Finding[]> {
  const found = new Findings('targets');
  const known = await namedTargets(tools);
  for (const { file, line, message, hint } of known.problems)
    found.error(
      line === undefined ? (file ?? 'targets.json') : `${file}:${line}`,
      message,
      hint ?? 'docs/pinning.md, Targets',
    );
  for (const { name, file } of known.targets) {
    const exposed = await exposedCredential(name, tools);
    if (exposed === undefined) found.ok(name, escapeText(file));
    else
      found.error(
        name,
        'others on this machine can read its credential',
        `chmod 600 ${commandPath(exposed, 'FILE')}, and change the credential if others may have read it`,
      );
  }
  if (known.problems.some(({ severity }) => severity === 'error')) return found.all();
  const { targets } = await configuredTargets(flags, tools);
  if (targets.length === 0)
    found.warn(
      'target',
      known.targets.length > 0 ? 'none is chosen, so none was asked' : 'none is named, so none was asked',
      known.targets.length > 0
        ? `holdfast doctor --target ${commandPath(known.targets[0]?.name ?? '', 'NAME')}`
        : 'set CLUSTER_URL, or name one: holdfast doctor --cluster-url URL',
    );
  for (const chosen of targets) await ask(found, chosen, tools);
  return found.all();
}

async function ask(found: Findings, chosen: ChosenTarget, tools: Tools): Promise<void> {
  if (chosen.kind === 'local') return folders(found, chosen.places);
  const credential = await credentialOf(chosen, tools);
  for (const place of chosen.places) {
    await safety(found, chosen, place, credential !== undefined, tools);
    if (chosen.kind === 'kubo') await nodeConfig(found, chosen, place, tools);
  }
  const target = await openTarget(chosen, tools);
  try {
    const { version, peers } = await target.inspect({ signal: tools.signal });
    const up = peers.filter((peer) => peer.up);
    found.ok(
      target.label,
      `${version ? `version ${version}, ` : ''}${up.length} of ${count(peers.length, 'peer')} up`,
    );
    if (chosen.kind === 'cluster' && version && !triedClusters.includes(version.replace(/^v|[+-].*$/g, '')))
      found.warn(target.label, `version ${version} was not tried`, `these are: ${triedClusters.join(', ')}`);
    for (const peer of peers) peerState(found, peer);
    if (
      chosen.kind !== 'pinning-service' &&
      new Set(up.map(({ region }) => region)).size < 2 &&
      up.length > 1
    )
      found.warn(
        target.label,
        'no two peers are tagged with different regions',
        'tag them, and tiers can spread copies: docs/pinning.md, Regions',
      );
  } catch (error) {
    if (!(error instanceof PinningError)) throw error;
    const { hint } = ofTarget(error, chosen) as { hint?: string };
    found.error(target.label, error.message, hint ?? adviceFor(error, chosen));
  } finally {
    target.close?.();
  }
}

function adviceFor({ code }: PinningError, { kind }: ChosenTarget): string {
  if (code === 'unauthorized')
    return `the credentials were refused, or there were none: set ${targetNames[kind].secret} to user:password or a token`;
  return 'is it running, is the address right, and does a firewall let you through?';
}

function peerState(found: Findings, { id, name, up, error, freeSpace }: TargetPeer): void {
  const subject = escapeText(name ?? id);
  if (!up)
    found.error(
      subject,
      `down${error ? `: ${escapeText(error)}` : ''}`,
      'start it again; holdfast heal makes its copies elsewhere meanwhile',
    );
  else if (freeSpace !== undefined && freeSpace < leastFree)
    found.warn(subject, `${bytes(freeSpace)} free`, 'give it more space, or raise Datastore.StorageMax');
}

/** Who else could use the address: credentials that everybody reads, and doors that nobody locks. */
async function safety(
  found: Findings,
  { kind, places }: ChosenTarget,
  place: string,
  hasCredential: boolean,
  tools: Tools,
): Promise<void> {
  const url = new URL(place);
  const isHere = isLoopback(url);
  if (!isHere && url.protocol === 'http:' && hasCredential)
    found.error(
      place,
      'credentials go over http://, where everybody on the way can read them',
      'use https://, for example behind the proxy in deploy/',
    );
  const path = { cluster: 'version', kubo: 'api/v0/version', 'pinning-service': 'pins?limit=1', local: '' }[
    kind
  ];
  const seen = await look(place, path, tools).catch(() => undefined);
  if (seen === undefined && places.length > 1)
    found.warn(
      place,
      'it does not answer, and the other addresses stand in',
      'is it running, and is the address right?',
    );
  if (seen?.aheadMs !== undefined)
    found.error(
      place,
      `the clock there is ${aheadText(seen.aheadMs)}`,
      'set both clocks, for example with timedatectl set-ntp true: windows of keys and the ends of pins go by them',
    );
  // Kubo answers 405 to a GET it would let through, and 401 or 403 to one it would not.
  const isOpen = seen?.status === 200 || (kind === 'kubo' && seen?.status === 405);
  if (isOpen && (!isHere || hasCredential))
    found[isHere ? 'warn' : 'error'](
      place,
      'it asks for no credentials: whoever reaches it can change pins',
      'set a password there, and keep the port closed to others',
    );
}

/** A node tells its configuration, where the proxy before it lets that through. One that does not answer is said elsewhere. */
async function nodeConfig(found: Findings, chosen: ChosenTarget, place: string, tools: Tools): Promise<void> {
  const { signal, clock } = tools;
  const options = { method: 'POST', auth: await targetAuth(chosen, tools), signal, clock } as const;
  const seen = await look(place, 'api/v0/config/show', options).catch(() => undefined);
  for (const { health, subject, message, help = '' } of judgeConfig(place, parsedJson(seen?.body ?? '')) ??
    []) {
    if (health === 'error') found.error(subject, message, help);
    if (health === 'warning') found.warn(subject, message, help);
  }
}

async function folders(found: Findings, places: readonly string[]): Promise<void> {
  for (const place of places) {
    const isFolder = (await stat(place).catch(() => undefined))?.isDirectory();
    if (!isFolder) found.warn(place, 'not there yet', 'holdfast publish or pin makes it');
    else
      await access(place, constants.W_OK).then(
        () => found.ok(place, 'a folder that you can write to'),
        () => found.error(place, 'you cannot write to it', 'check who owns it and its permissions'),
      );
  }
}
