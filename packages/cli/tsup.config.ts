import { defineConfig } from 'tsup';
import { program } from '../../config/tsup.base.ts';

export default defineConfig(
  program({ entry: ['src/index.ts', 'src/main.ts'], dts: { entry: 'src/index.ts' } }),
);
