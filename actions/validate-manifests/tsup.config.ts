import { defineConfig } from 'tsup';
import { action } from '../../config/tsup.base.ts';

export default defineConfig(action());
