import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Benchmark, Target } from '../harness/benchmark.ts';
import { compare, type Side } from '../harness/compare.ts';
import { memoryTarget, secondsTarget, speedTarget, timeTarget } from '../harness/targets.ts';
import { manifestFolder } from './manifest-folder.ts';
import { hasMinisign } from './minisign-peer.ts';
import { findPython } from './python-peer.ts';

const script = join(import.meta.dirname, 'verify-manifests.mjs');
const peers = fileURLToPath(new URL('../../peers/', import.meta.url));
const python = 'pydantic and cryptography';
const minisign = 'minisign -V in a loop';
const bare = 'node -e 0';

/** All sides have to verify every manifest. */
const allOf = (count: number) => (outputs: readonly string[]) => {
  for (const output of outputs) {
    const { verified } = JSON.parse(output) as { verified: number };
    if (verified !== count) throw new Error(`expected ${count} verified manifests, got ${verified}`);
  }
};

export const verifyManifests: Benchmark = {
  name: 'verify-manifests',
  says: '1,000 manifests of 10 files read by the whole pipeline, trust judged and roots rebuilt, against plain reading and one signature in Python, and minisign in a loop',
  quick: true,
  run: async ({ folder, node, quick, runs, log }) => {
    const count = quick ? 300 : 1000;
    await manifestFolder(node, folder, { manifests: count, files: 10 });
    const sides: Side[] = [{ label: 'holdfast', command: { argv: [node, script, folder] } }];
    const notes = [
      'Our side also refuses duplicate keys, unknown fields and odd numbers, checks paths and CIDs, rebuilds each root and judges trust; the Python peer does the plain original only.',
    ];
    const targets: ((comparison: Parameters<typeof timeTarget>[0]) => Target)[] = [];
    const interpreter = await findPython({ install: !quick });
    if (interpreter !== undefined) {
      const argv = [interpreter, join(peers, 'verify_manifests.py'), folder];
      sides.push({ label: python, command: { argv } });
      // A third of the manifests leaves the start of both, ours the slower, a larger part.
      targets.push((comparison) => timeTarget(comparison, python, quick ? 1.5 : 1.2));
    } else notes.push('The Python peer is not set up: `npm run bench verify-manifests` does it.');
    if (await hasMinisign({ required: !quick })) {
      const loop = join(peers, 'minisign_manifests.sh');
      await promisify(execFile)('sh', [loop, 'sign', folder]);
      sides.push({ label: minisign, command: { argv: ['sh', loop, 'verify', folder] } });
      targets.push((comparison) => speedTarget(comparison, minisign, quick ? 1.5 : 3));
    } else notes.push('minisign is not installed: it is not compared with.');
    const comparison = await compare(`${count} manifests of 10 files`, sides, {
      runs,
      warmups: 1,
      agree: allOf(count),
      onRun: (label, seconds) => log(`${label}: ${seconds.toFixed(2)} s`),
    });
    return { comparisons: [comparison], targets: targets.map((target) => target(comparison)), notes };
  },
};

export const verifyBigManifest: Benchmark = {
  name: 'verify-big-manifest',
  says: 'one manifest of 10,000 files read, its root rebuilt and its trust judged',
  quick: true,
  run: async ({ folder, node, quick, runs, log }) => {
    await manifestFolder(node, folder, { manifests: 1, files: 10_000 });
    const comparison = await compare(
      'one manifest of 10,000 files',
      [
        { label: 'holdfast', command: { argv: [node, script, folder] } },
        { label: bare, command: { argv: [node, '-e', '0'] } },
      ],
      {
        runs: runs * 2,
        warmups: 1,
        agree: ([ours = '']) => allOf(1)([ours]),
        onRun: (label, seconds) => log(`${label}: ${seconds.toFixed(2)} s`),
      },
    );
    return {
      comparisons: [comparison],
      targets: [
        // Half a second is eleven bare Nodes on a calm machine; on one that has other work to do, only that can be held.
        quick ? timeTarget(comparison, bare, 11) : secondsTarget(comparison, 0.5),
        memoryTarget(comparison, 200),
      ],
      notes: ['The wall time is that of the whole process: the start of Node is in it.'],
    };
  },
};
