/** What a server says went wrong, in the shapes of IPFS Cluster, the Pinning Service API and Kubo. */
export function serverMessage(body: string): string {
  return plain(fromJson(body) ?? body);
}

/** One line without control characters. */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, ' ').trim();
}

/** Short enough for a log. Only for what was redacted before: half a secret is not recognised. */
export function shortened(line: string, maxLength = 500): string {
  return line.length > maxLength ? `${line.slice(0, maxLength)}…` : line;
}

function fromJson(body: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { message, Message, error } = value as Record<string, unknown>;
  if (typeof error === 'object' && error !== null) {
    const { reason, details } = error as Record<string, unknown>;
    return [reason, details].filter((part) => typeof part === 'string').join(': ') || undefined;
  }
  return [message, Message, error].find((part) => typeof part === 'string');
}
