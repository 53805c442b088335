/** Reads what an action appended to GITHUB_OUTPUT, GITHUB_STATE or GITHUB_ENV, as strictly as GitHub's runner does. */
export function readFileCommand(text: string, variable: string): Record<string, string> {
  const values: Record<string, string> = {};
  const lines = text.split(/\r?\n/);
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (line === '') continue;
    const equals = line.indexOf('=');
    const heredoc = line.indexOf('<<');
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
      values[line.slice(0, equals)] = line.slice(equals + 1);
      continue;
    }
    if (heredoc < 0) throw new Error(`${variable}: expected NAME=VALUE or NAME<<DELIMITER, got "${line}"`);
    const name = line.slice(0, heredoc);
    const delimiter = line.slice(heredoc + 2);
    if (!name || !delimiter) throw new Error(`${variable}: "${line}" has no name or no delimiter`);
    const end = lines.indexOf(delimiter, at + 1);
    if (end < 0)
      throw new Error(`${variable}: the delimiter "${delimiter}" of "${name}" does not come again`);
    values[name] = lines.slice(at + 1, end).join('\n');
    at = end;
  }
  return values;
}
