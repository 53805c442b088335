/** What a scan finds in a JSON text without building values. */
export interface JsonScan {
  readonly depth: number;
  /** The offset at which the text is too deep; the scan ends there. */
  readonly tooDeepAt?: number;
  /** Colons outside strings: members as written, with duplicates. */
  readonly members: number;
  /** A number has a fraction, an exponent or a minus sign before zero. */
  readonly oddNumbers: boolean;
}

const quote = 0x22;
const backslash = 0x5c;

/** One pass without recursion or allocation, before a parser sees the text. */
export function scanJson(text: string, maxDepth: number): JsonScan {
  let depth = 0;
  let deepest = 0;
  let members = 0;
  let oddNumbers = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    // White space is most of the text between strings.
    if (code < quote) continue;
    switch (code) {
      case quote:
        i = endOfString(text, i);
        break;
      case 0x7b: // {
      case 0x5b: // [
        depth++;
        if (depth > deepest) deepest = depth;
        if (depth > maxDepth) return { depth, tooDeepAt: i, members, oddNumbers };
        break;
      case 0x7d: // }
      case 0x5d: // ]
        depth--;
        break;
      case 0x3a: // :
        members++;
        break;
      case 0x2e: // .
      case 0x45: // E
        oddNumbers = true;
        break;
      case 0x65: // e, of a number where a digit is before it and not of "true"
        oddNumbers ||= isDigit(text.charCodeAt(i - 1));
        break;
      case 0x2d: // -
        oddNumbers ||= text.charCodeAt(i + 1) === 0x30;
        break;
      default:
    }
  }
  return { depth: deepest, members, oddNumbers };
}

/** The offset of the closing quote, or the end of the text. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end;
}

function isEscaped(text: string, offset: number): boolean {
  let before = offset - 1;
  while (text.charCodeAt(before) === backslash) before--;
  return (offset - before) % 2 === 0;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** Counts the members of the parsed value: fewer than written means that a key is there twice. */
export function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === 'object') count += countMembers(item);
    return count;
  }
  const keys = Object.keys(value);
  count = keys.length;
  for (const key of keys) {
    const member = (value as Record<string, unknown>)[key];
    if (typeof member === 'object') count += countMembers(member);
  }
  return count;
}
