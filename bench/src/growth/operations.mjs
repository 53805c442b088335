// Each main operation, prepared for `n` units: what is given back is the work alone, to be done again and again.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashFolder, writeCar } from '@holdfast/content';
import { rootFromFiles } from '@holdfast/content/root';
import { evaluateTrust, loadTrust, proveFiles, readManifest } from '@holdfast/manifest';
import { rawCid } from '@holdfast/manifest/internal';
import { ClusterTarget, planPins } from '@holdfast/pinning';
import { checkChanges, openRepository } from '@holdfast/repository';

const at = new Date('2026-11-21T07:00:00Z');
const maxBytes = 16 * 1024 * 1024;
const cids = (n) =>
  Array.from({ length: n }, (_, index) => {
    const digest = new Uint8Array(32);
    new DataView(digest.buffer).setUint32(0, index);
    return rawCid(digest);
  });

export const operations = {
  'hash a folder': (_n, { files }) => {
    return () => hashFolder(files);
  },
  'write a CAR': (_n, { files, scratch }) => {
    return () => writeCar(files, join(scratch, 'out.car'));
  },
  'rebuild a root': (n) => {
    const files = cids(n).map((cid, index) => {
      const folder = String(Math.floor(index / 100)).padStart(4, '0');
      return { path: `${folder}/part-${index}.csv`, size: 1000 + index, cid };
    });
    return () => rootFromFiles(files);
  },
  'rebuild a sharded root': (n) => {
    const files = cids(n).map((cid, index) => ({ path: `part-${index}.csv`, size: 1000 + index, cid }));
    return () => rootFromFiles(files);
  },
  'read a manifest of files': (_n, { manifest }) => {
    const bytes = readFileSync(manifest);
    return () => {
      const read = readManifest(bytes, { file: 'manifest.json', maxBytes });
      if (!read.ok || proveFiles(read.manifest.dataset, rootFromFiles).length > 0)
        throw new Error('expected a sound manifest');
    };
  },
  'verify manifests': (n, { manifests }) => {
    const { trust } = loadTrust([
      { path: 'alice.pub', bytes: readFileSync(join(manifests, 'public-keys/alice.pub')) },
    ]);
    const folder = join(manifests, 'manifests');
    const names = readdirSync(folder).slice(0, n);
    return () => {
      for (const name of names) {
        const path = `manifests/${name}`;
        const read = readManifest(readFileSync(join(folder, name)), { file: path });
        if (!read.ok) throw new Error(`expected ${name} to be sound`);
        proveFiles(read.manifest.dataset, rootFromFiles);
        const judged = { path, manifest: read.manifest };
        if (!evaluateTrust(judged, trust, at).ok) throw new Error(`expected ${name} to be trusted`);
      }
    };
  },
  'check a change of manifests': (_n, { repository, base, head }) => {
    return async () => {
      await using opened = await openRepository(repository);
      const { ok } = await checkChanges(opened, { base, head, at });
      if (!ok) throw new Error('expected a sound change');
    };
  },
  'plan pins': (n) => {
    const owner = 'github.com/example/data';
    /** @type {import('@holdfast/pinning').Copies} */
    const copies = { min: 2, max: 3, regions: 0, spread: 'where-tagged' };
    const peers = Array.from({ length: 5 }, (_, index) => ({
      id: `peer-${index}`,
      up: true,
      freeSpace: 1e15,
    }));
    const desired = cids(n).map((cid, index) => ({
      cid,
      id: `tides-${index}@1.0.0`,
      owner,
      name: `tides-${index} 1.0.0`,
      copies,
      totalSize: 1000,
    }));
    /** @type {import('@holdfast/pinning').TargetInfo} */
    const info = { kind: 'cluster', peers };
    return () => {
      const { steps } = planPins(desired, [], { owner, info, at });
      if (steps.length !== n) throw new Error(`expected ${n} steps, got ${steps.length}`);
    };
  },
  'read the status of pins': (n, { url }) => {
    return async () => {
      const target = new ClusterTarget({ endpoints: [url] });
      let seen = 0;
      for await (const _state of target.observe()) seen++;
      target.close();
      if (seen !== n) throw new Error(`expected ${n} pins, got ${seen}`);
    };
  },
};
