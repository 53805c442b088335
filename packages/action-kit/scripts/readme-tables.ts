// `node readme-tables.ts FOLDER [--check]`: writes an action's inputs and outputs from its action.yml into its README, between the
// markers `<!-- inputs -->` and `<!-- outputs -->` and the next `<!-- end -->`.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

interface Metadata {
  readonly inputs?: Readonly<
    Record<
      string,
      {
        readonly description?: string;
        readonly default?: string;
        readonly required?: boolean;
        readonly deprecationMessage?: string;
      }
    >
  >;
  readonly outputs?: Readonly<Record<string, { readonly description?: string }>>;
}

/** The README with the tables of action.yml, without old names. */
export function withTables(readme: string, metadata: Metadata): string {
  const current = Object.entries(metadata.inputs ?? {}).filter(([, input]) => !input.deprecationMessage);
  const inputs = current.map(([name, input]) => {
    const preset = input.required ? 'required' : input.default ? `\`${input.default}\`` : '';
    return `| \`${name}\` | ${cell(input.description)} | ${preset} |\n`;
  });
  const outputs = Object.entries(metadata.outputs ?? {}).map(
    ([name, output]) => `| \`${name}\` | ${cell(output.description)} |\n`,
  );
  const filled = fill(readme, 'inputs', `| input | | default |\n| --- | --- | --- |\n${inputs.join('')}`);
  return fill(filled, 'outputs', `| output | |\n| --- | --- |\n${outputs.join('')}`);
}

function fill(readme: string, name: string, table: string): string {
  const [start, end] = [`<!-- ${name} -->\n`, '<!-- end -->'];
  const from = readme.indexOf(start);
  const to = readme.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`README.md expected ${start.trim()} and ${end}`);
  return readme.slice(0, from + start.length) + table + readme.slice(to);
}

function cell(text = ''): string {
  return text.trim().replaceAll('|', '\\|').replaceAll('\n', ' ');
}

const [folder, check] = process.argv.slice(2);
if (folder !== undefined && process.argv[1] === import.meta.filename) {
  const path = join(folder, 'README.md');
  const readme = readFileSync(path, 'utf8');
  const current = withTables(readme, parse(readFileSync(join(folder, 'action.yml'), 'utf8')));
  if (check === undefined) writeFileSync(path, current);
  else if (readme !== current) {
    process.stderr.write(`${path} is not what action.yml says; run "npm run generate"\n`);
    process.exitCode = 1;
  }
}
