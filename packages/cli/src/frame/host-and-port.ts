import { escapeText } from '@holdfast/manifest/text';
import { Misuse } from './misuse.ts';

/** Where a server listens, as a flag says it. */
export function hostAndPort(flag: string, text: string): { readonly host: string; readonly port: number } {
  const [, host = '', port = ''] = /^(\[[0-9a-f:]+\]|[^:]+):(\d{1,5})$/.exec(text) ?? [];
  if (port === '' || Number(port) > 65_535)
    throw new Misuse(`${flag} expects HOST:PORT, got "${escapeText(text)}"`, `${flag} 127.0.0.1:9464`);
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}
