export { authCommand } from './node/auth-command.ts';
export { nodeTransport } from './node/node-transport.ts';
