import { openCar, readCar } from '@holdfast/content';
import { bytes, commandPath, escapeText } from '@holdfast/manifest/text';
import { ClusterTarget, LocalTarget } from '@holdfast/pinning';
import { contentFlags, hashOptions } from '../content/hash-flags.ts';
import { askAboutHidden, hiddenFlags } from '../content/hidden-files.ts';
import { importToKubo } from '../content/kubo-import.ts';
import { defineCommand, type Tools } from '../frame/command.ts';
import { exitCode } from '../frame/exit-code.ts';
import { Misuse } from '../frame/misuse.ts';
import { fromCwd, kindOfOperand } from '../frame/operand-file.ts';
import { readManifestFile } from '../manifest/manifest-file.ts';
import { openTarget, targetAuth } from '../pinning/open-target.ts';
import { ofTarget } from '../pinning/target-error.ts';
import { chooseTarget, targetFlags } from '../pinning/target-flags.ts';
import type { ChosenTarget } from '../pinning/target-kind.ts';

export const publish = defineCommand({
  operands: 'FOLDER',
  arity: [1, 1],
  flags: {
    manifest: {
      type: 'string',
      value: 'FILE',
      about: 'send only what this manifest describes, and refuse anything else',
    },
    keep: {
      type: 'boolean',
      about: 'also pin it on the Kubo node, so that garbage collection keeps it',
    },
    ...targetFlags,
    ...hiddenFlags,
    ...contentFlags,
  },
  about:
    'The node or cluster stores the content without a pin. The merge, or holdfast pin, then pins it: the peers copy from there.',
  examples: [
    {
      about: 'to the node on this machine',
      command:
        'holdfast publish ./data --manifest manifests/tides-v1.0.0.json --kubo-url http://127.0.0.1:5001',
    },
    {
      about: 'to the cluster',
      command:
        'CLUSTER_URL=https://cluster.example.org:9094 holdfast publish ./data --manifest manifests/tides-v1.0.0.json',
    },
  ],
  resume: 'nothing was stored; run the same command again',
  async run({ operands: [folder = ''], flags }, tools) {
    const chosen = chooseTarget(flags, tools);
    await kindOfOperand(tools.cwd, folder);
    const expected = flags.manifest === undefined ? undefined : await expectedBy(flags.manifest, tools);
    const options = hashOptions({ ...flags, profile: flags.profile ?? expected?.profile }, tools);
    // A manifest says what goes: anything else has another CID.
    const include = flags['include-hidden'] || expected !== undefined;
    const onListed = askAboutHidden({ folder, include }, tools);
    const car = await openCar(fromCwd(tools.cwd, folder), { ...options, onListed });
    if (expected && expected.cid !== car.cid) {
      throw new Misuse(
        `${escapeText(folder)} does not match ${escapeText(flags.manifest ?? '')}: expected ${expected.cid}, got ${car.cid}`,
        `holdfast verify ${commandPath(flags.manifest ?? '', 'FILE')} --unsigned --content ${commandPath(folder, 'FOLDER')} lists the differences`,
      );
    }
    const read = () => car.read(options);
    const to = await send(chosen, { cid: car.cid, blocks: car.blockCount, keep: flags.keep, read }, tools);
    return {
      exitCode: exitCode.ok,
      result: { cid: car.cid, target: to, blocks: car.blockCount, bytes: car.byteLength },
      quiet: car.cid,
      text: (paint) => `${paint.green('✓')} ${bytes(car.byteLength)} at ${escapeText(to)}\n  ${car.cid}`,
    };
  },
});

async function expectedBy(path: string, tools: Tools): Promise<{ cid: string; profile?: string }> {
  const { result } = await readManifestFile(tools.cwd, path);
  if (!result.ok)
    throw new Misuse(
      `${escapeText(path)} is not a valid manifest`,
      `holdfast verify ${commandPath(path, 'FILE')} lists the reasons`,
    );
  const { cid, profile } = result.manifest.dataset;
  return profile === 'custom' ? { cid } : { cid, profile };
}

interface Sending {
  readonly cid: string;
  readonly blocks: number;
  readonly keep: boolean;
  read(): AsyncIterable<Uint8Array>;
}

async function send(chosen: ChosenTarget, sending: Sending, tools: Tools): Promise<string> {
  const { signal } = tools;
  const { read, cid } = sending;
  tools.waitingFor(chosen.places.join(', '));
  if (chosen.kind === 'kubo') {
    const auth = await targetAuth(chosen, tools);
    for (const url of chosen.places) await importToKubo({ url, auth, ...sending, signal });
    return `Kubo at ${chosen.places.join(', ')}`;
  }
  if (sending.keep) throw new Misuse('--keep needs a Kubo node', 'on other targets, holdfast pin keeps it');
  const target = await openTarget(chosen, tools);
  if (target instanceof ClusterTarget) {
    await target.addCar(read, { cid, signal }).catch((error) => {
      throw ofTarget(error, chosen.kind);
    });
    target.close();
  } else if (target instanceof LocalTarget) {
    await target.putBlocks(readCar(read(), { root: cid, signal }), { signal });
  } else {
    throw new Misuse(
      'a pinning service takes no uploads: it fetches the content itself',
      'publish to a node with --kubo-url, then pin with --pinning-service',
    );
  }
  return target.label;
}
