import { defineConfig } from 'tsup';
import { library } from '../../config/tsup.base.ts';

export default defineConfig(
  library({
    entry: ['src/index.ts', 'src/root.ts', 'src/internal.ts'],
    platform: 'node',
    // In the bundle only the parts in use are loaded: as packages these are two hundred files, which take longer to
    // load than a thousand files take to hash.
    noExternal: ['@ipld/car', '@ipld/dag-pb', 'ignore', 'ipfs-unixfs', 'mrmime', 'multiformats'],
  }),
);
