// A file of its own, so that a bundle can load it on first use.
export { create, multiaddr } from 'kubo-rpc-client';
