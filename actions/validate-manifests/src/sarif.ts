import { count } from '@holdfast/action-kit';
import type { Problem } from '@holdfast/manifest';
import { type ProblemEntry, problemCatalogue, problemMeanings } from '@holdfast/manifest/internal';
import { placementCatalogue } from '@holdfast/repository';
import { contentCatalogue } from './content-catalogue.ts';

/** Code scanning accepts so many results in one run. */
const maxResults = 25_000;

/** SARIF 2.1.0, as GitHub's code scanning reads it. */
export function sarifOf(problems: readonly Problem[]): object {
  const codes = [...new Set(problems.map(({ code }) => code))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'holdfast',
            informationUri: 'https://github.com/holdfast-data/holdfast',
            rules: codes.map(ruleOf),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: problems.slice(0, maxResults).map((found) => resultOf(found, codes)),
      },
    ],
  };
}

/** Says so if the file does not have all results. */
export function sarifNotes({ length }: readonly Problem[]): readonly string[] {
  if (length <= maxResults) return [];
  const most = `${count(maxResults, 'result')}, the limit of code scanning`;
  return [`the SARIF file is cut at ${most}; the log has all ${count(length, 'problem')}`];
}

const catalogue = new Map<string, ProblemEntry>(
  Object.entries({ ...problemCatalogue, ...placementCatalogue, ...contentCatalogue }),
);
const meanings = new Map<string, string>([
  ...Object.entries(problemMeanings),
  ...Object.entries({ ...placementCatalogue, ...contentCatalogue }).map(
    ([code, { meaning }]) => [code, meaning] as const,
  ),
]);

function ruleOf(code: string): object {
  const entry = catalogue.get(code);
  return {
    id: code,
    shortDescription: { text: meanings.get(code) ?? code },
    ...(entry && { help: { text: entry.fix } }),
    defaultConfiguration: { level: entry?.severity ?? 'error' },
  };
}

function resultOf(
  { code, severity, message, hint, file, line, column }: Problem,
  codes: readonly string[],
): object {
  return {
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level: severity,
    message: { text: hint === undefined ? message : `${message}. ${hint}` },
    // Code scanning refuses a result without a location.
    locations: [
      {
        physicalLocation: {
          artifactLocation: {
            uri: (file ?? '.').split('/').map(encodeURIComponent).join('/'),
            uriBaseId: '%SRCROOT%',
          },
          region: { startLine: line, startColumn: column },
        },
      },
    ],
  };
}
