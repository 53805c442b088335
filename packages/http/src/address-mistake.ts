/**
 * What a failed connection says about the address itself, as a sentence with what to try; undefined where waiting may
 * help. `label` is the address without credentials.
 */
export function addressMistake(label: string, code: string, message: string): string | undefined {
  if (code === 'ENOTFOUND') return `the host ${hostOf(label)} does not exist; is the name right?`;
  // Node's own client reports any breach of TLS as EPROTO and says which one in the message.
  if (
    label.startsWith('https:') &&
    /WRONG_VERSION_NUMBER|wrong version number|PACKET_LENGTH_TOO_LONG|packet length too long/.test(
      `${code} ${message}`,
    )
  )
    return `the server does not speak TLS; try ${label.replace(/^https:/, 'http:')}`;
  return undefined;
}

/** A server with TLS tells a request without it so, in its own words. */
export function expectsTls(label: string, words: string): string | undefined {
  if (!label.startsWith('http:') || !/HTTP request (?:was sent )?to (?:an )?HTTPS/i.test(words))
    return undefined;
  return `the server speaks TLS; try ${label.replace(/^http:/, 'https:')}`;
}

function hostOf(label: string): string {
  return URL.canParse(label) ? new URL(label).hostname : label;
}
