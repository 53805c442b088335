import * as z from 'zod/mini';
import { fieldNotes } from '../src/json/field-rule.ts';
import {
  manifestSchemaAddress,
  policySchemaAddress,
  targetsSchemaAddress,
} from '../src/json/schema-address.ts';
import { Manifest } from '../src/manifest/manifest.ts';
import { PolicyDocument } from '../src/policy/policy.ts';
import { type ProblemCode, type ProblemEntry, problemCatalogue } from '../src/problem/catalogue.ts';
import { problemMeanings } from '../src/problem/meanings.ts';
import { TargetsFile } from '../src/targets/targets-file.ts';

export interface GeneratedFile {
  /** Relative to the root of the repository. */
  readonly path: string;
  readonly text: string;
}

/** Everything in the repository that is made from this package's code; a test holds the committed files to it. */
export function generatedFiles(): readonly GeneratedFile[] {
  const schemas = [
    { name: 'manifest-1', schema: Manifest, address: manifestSchemaAddress },
    { name: 'policy-1', schema: PolicyDocument, address: policySchemaAddress },
    { name: 'targets-1', schema: TargetsFile, address: targetsSchemaAddress },
  ];
  return [
    ...schemas.flatMap(({ name, schema, address }) => [
      schemaFile(`${name}.schema.json`, schema, 'draft-2020-12', address),
      schemaFile(
        `${name}.draft-07.schema.json`,
        schema,
        'draft-7',
        address.replace('.schema.', '.draft-07.schema.'),
      ),
    ]),
    { path: 'docs/problems.md', text: problemsPage() },
  ];
}

function schemaFile(
  name: string,
  schema: z.core.$ZodType,
  target: 'draft-2020-12' | 'draft-7',
  address: string,
): GeneratedFile {
  const { $schema, ...rest } = z.toJSONSchema(schema, { target, metadata: fieldNotes });
  return {
    path: `packages/manifest/schema/${name}`,
    text: `${JSON.stringify({ $schema, $id: address, ...rest }, null, 2)}\n`,
  };
}

function problemsPage(): string {
  const areas = Map.groupBy(
    Object.entries<ProblemEntry>(problemCatalogue),
    ([code]) => code.split('/')[0] ?? '',
  );
  const sections = Array.from(areas, ([area, entries]) => {
    const rows = entries.map(
      ([code, { severity, fix }]) =>
        `| \`${code}\` | ${severity} | ${problemMeanings[code as ProblemCode]} | ${fix} |`,
    );
    return `## ${area}\n\n| code | severity | what it means | what to do |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`;
  });
  return `# Problems

Every problem that a manifest, a policy or a change can have. A problem has a code, a severity, a message, the JSON pointer, line and
column of its place, and a hint. Codes are stable. A signature that does not count is an error while the threshold is not met, and a
warning once others meet it.

This page is generated from \`packages/manifest/src/problem/catalogue.ts\` by \`npm run generate -w packages/manifest\`.

${sections.join('\n')}`;
}
