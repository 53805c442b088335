import { defineConfig } from 'tsup';
import { library } from '../../config/tsup.base.ts';

export default defineConfig(
  library({
    entry: ['src/index.ts', 'src/internal.ts', 'src/node.ts', 'src/cid.ts', 'src/sha256.ts', 'src/text.ts'],
    // In the bundle only the parts in use are loaded: zod as a package takes longer to load than all else here.
    noExternal: ['zod', 'jsonc-parser', 'picomatch'],
    esbuildOptions(esbuild) {
      esbuild.mainFields = ['module', 'main'];
    },
  }),
);
