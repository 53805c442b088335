export { authCommand } from './node/auth-command.ts';
export { type Listening, listening } from './node/listening.ts';
export { nodeTransport } from './node/node-transport.ts';
