export interface Named {
  readonly name: string;
  readonly about: string;
}

export interface Script {
  readonly command: string;
  readonly about: string;
  readonly names: readonly Named[];
}

/** The names given to a script that takes names alone. Ends the process with its usage when asked for that, or misused. */
export function namesOf(words: readonly string[], { command, about, names }: Script): readonly string[] {
  const width = Math.max(...names.map(({ name }) => name.length));
  const list = names.map(({ name, about }) => `  ${name.padEnd(width)}  ${about}`).join('\n');
  const usage = `Usage: ${command} -- [NAME…]\n\n${about}\n\n${list}`;
  if (words.includes('--help') || words.includes('-h')) {
    console.log(usage);
    process.exit(0);
  }
  const unknown = words.find((word) => !names.some(({ name }) => name === word));
  if (unknown === undefined) return words;
  console.error(
    `${command}: ${unknown.startsWith('-') ? `${unknown} is not an option` : `"${unknown}" is not one of the names`}\n\n${usage}`,
  );
  process.exit(2);
}
