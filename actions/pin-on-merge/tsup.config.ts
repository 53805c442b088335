import { defineConfig } from 'tsup';
import { action } from '../../config/tsup.action.ts';

export default defineConfig(
  action({ files: ['kubo-rpc', 'reading', 'proof', 'block-work', 'scanner', 'targets-file'] }),
);
