import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCar } from '../src/car/car-reader.ts';
import { carOf } from '../src/car/folder-car.ts';
import { writeCar } from '../src/car/write-car.ts';
import { type ProfileName, profiles } from '../src/profile.ts';
import { KuboCli } from './support/kubo-cli.ts';
import { noise, tempFolder } from './support/temp-folder.ts';

const tree = {
  ...Object.fromEntries(Array.from({ length: 4000 }, (_, i) => [`many/${'n'.repeat(60)}${i}`, `${i % 50}`])),
  big: noise(9_000_000),
  'copy of big': noise(9_000_000),
  'start of big': noise(2_097_152),
  empty: '',
};

describe.each(Object.keys(profiles) as ProfileName[])(
  '%s, against real Kubo',
  { timeout: 60_000 },
  (profile) => {
    it('is byte for byte what `ipfs dag export` writes', async () => {
      const kubo = await KuboCli.create(profile);
      const folder = tempFolder(tree);
      const exported = kubo.run('dag', 'export', '--progress=false', kubo.add(folder));
      const parts: Uint8Array[] = [];
      for await (const part of carOf(folder, { profile })) parts.push(part);
      expect(Buffer.compare(Buffer.concat(parts), exported)).toBe(0);
      let blocks = 0;
      for await (const _ of readCar([exported])) blocks += 1;
      expect(blocks).toBeGreaterThan(60);
    });

    it('is taken by `ipfs dag import`', async () => {
      const kubo = await KuboCli.create(profile);
      const to = join(tempFolder(), 'folder.car');
      const { cid } = await writeCar(tempFolder(tree), to, { profile });
      const imported = kubo.run('dag', 'import', '--enc=json', to).toString();
      expect(imported).toContain('"PinErrorMsg":""');
      expect(kubo.run('cat', `${cid}/empty`).length).toBe(0);
      expect(Buffer.compare(kubo.run('cat', `${cid}/big`), tree.big as Uint8Array)).toBe(0);
    });
  },
);
