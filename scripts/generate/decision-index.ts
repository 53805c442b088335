import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const record = /^\d{4}-[a-z0-9-]+\.md$/;

/** docs/decisions/README.md: every record with its title and status. */
export function decisionIndex(folder: string): string {
  const rows = readdirSync(folder)
    .filter((name) => record.test(name))
    .sort()
    .map((name) => rowOf(name, readFileSync(join(folder, name), 'utf8')));
  return `# Decisions

The reasons for what is not obvious. Each record says what the situation was, what was decided and what follows from it. A
decision that no longer holds stays, with the record that supersedes it. Add one with the next number when you make such a choice;
\`npm run generate\` adds it to this table.

| | Decision | Status |
| --- | --- | --- |
${rows.join('\n')}
`;
}

function rowOf(name: string, text: string): string {
  const title = /^# (.+)\n/.exec(text)?.[1];
  const status = /^\*\*Status\.\*\* (Accepted|Superseded by \[[^\]]+\]\(\d{4}-[a-z0-9-]+\.md\))\.$/m.exec(
    text,
  )?.[1];
  if (title === undefined || status === undefined) {
    throw new Error(
      `docs/decisions/${name}: expected "# Title", then a line "**Status.** Accepted." or ` +
        '"**Status.** Superseded by [its title](NNNN-name.md)."',
    );
  }
  return `| ${name.slice(0, 4)} | [${title}](${name}) | ${status} |`;
}
