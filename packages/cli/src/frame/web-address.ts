import { escapeText } from '@holdfast/manifest/text';
import { Misuse } from './misuse.ts';

/**
 * An address without a secret, or a `Misuse`. One that may hold a secret is not repeated: messages end up in the logs of
 * others. `named` is the flag or variable it comes from; `instead` says where credentials belong.
 */
export function webAddress(named: string, text: string, example: string, instead: string): string {
  // Without a scheme `user:password@host` is an address too, of a scheme called `user`.
  if (text.includes('@')) throw new Misuse(`${named} holds a user or password`, instead);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.search || url?.hash) {
    throw new Misuse(`${named} expects an address without "?" and "#"`, instead);
  }
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new Misuse(`${named} expects an address such as ${example}, got "${escapeText(text)}"`);
  }
  return text;
}

/** Whether an address is of this machine alone. */
export function isLoopback({ hostname }: URL): boolean {
  return /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(hostname);
}

/** Whether an operand is an address, where a path would do as well. */
export function isWebAddress(text: string): boolean {
  return /^https?:\/\//i.test(text);
}
