export const timestampPattern = '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(?:\\.\\d{1,9})?Z$';
const timestamp = new RegExp(timestampPattern);

/** RFC 3339 in UTC, upper-case T and Z, a day and time that exist. */
export function isTimestamp(text: string): boolean {
  if (!timestamp.test(text)) return false;
  const time = Date.parse(`${text.slice(0, 19)}Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text.slice(0, 19));
}
