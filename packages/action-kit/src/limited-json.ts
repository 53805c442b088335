/** GitHub takes one MiB for all outputs of a job together. */
const outputLimit = 256 * 1024;

/** A list as JSON that a later step can parse. If it is too long, its last item is `{ "more": N }`. */
export function limitedJson(items: readonly unknown[], limit = outputLimit): string {
  const parts: string[] = [];
  // Room for the brackets and the last item.
  let size = 32;
  for (const item of items) {
    const part = asciiJson(item);
    size += part.length + 1;
    if (size > limit) break;
    parts.push(part);
  }
  const left = items.length - parts.length;
  return `[${[...parts, ...(left > 0 ? [JSON.stringify({ more: left })] : [])].join(',')}]`;
}

/** Escaped beyond ASCII: no line separator, no reversed text in what another step may print. */
function asciiJson(item: unknown): string {
  return JSON.stringify(item).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
