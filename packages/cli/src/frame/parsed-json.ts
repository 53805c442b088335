/** Undefined for what is not JSON: a file that was cut, or an answer of something else. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
