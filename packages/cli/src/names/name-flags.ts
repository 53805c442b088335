import type { Flags } from '../frame/command.ts';
import { routerFlags } from './router-flags.ts';

export const nameFlags = {
  ...routerFlags,
  'public-keys': {
    type: 'string',
    value: 'DIR',
    about: 'folder of the keys and the policy; default: public-keys',
  },
  lifetime: {
    type: 'string',
    value: 'TIME',
    about: 'publish: how long the record counts; default: 168h, a week',
  },
  ttl: {
    type: 'string',
    value: 'TIME',
    about: 'publish: how long readers may keep it without asking again; default: 5m',
  },
  password: {
    type: 'boolean',
    about: 'key: encrypt it; asks for a password; with HOLDFAST_PASSWORD it always is',
  },
} as const satisfies Flags;
