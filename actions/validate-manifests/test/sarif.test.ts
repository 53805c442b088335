import { readManifest } from '@holdfast/manifest';
import { describe, expect, it } from 'vitest';
import { sarifOf } from '../src/sarif.ts';

const read = readManifest(
  new TextEncoder().encode('{ "dataset": { "name": "X y", "tier": 3 }, "extra": 1 }'),
  { file: 'manifests/a b#c.json' },
);
const { problems } = read;

/** Only what the specification has, so that a slip in a name is seen. */
interface Sarif {
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly level: string;
      readonly message: { readonly text: string };
      readonly locations: readonly [
        {
          readonly physicalLocation: {
            readonly artifactLocation: { readonly uri: string };
            readonly region: { readonly startLine: number };
          };
        },
      ];
    }[];
  }[];
}
const sarif = sarifOf(problems) as Sarif;

describe('SARIF 2.1.0', () => {
  it('has exactly the members that the specification names', () => {
    expect(Object.keys(sarif)).toEqual(['$schema', 'version', 'runs']);
    expect(sarif).toMatchObject({ version: '2.1.0' });
    const [run] = sarif.runs;
    expect(Object.keys(run ?? {})).toEqual(['tool', 'columnKind', 'results']);
    for (const result of run?.results ?? []) {
      expect(Object.keys(result)).toEqual(['ruleId', 'ruleIndex', 'level', 'message', 'locations']);
      expect(['error', 'warning']).toContain(result.level);
      expect(result.message.text.length).toBeGreaterThan(0);
      expect(run?.tool.driver.rules[result.ruleIndex]?.id).toBe(result.ruleId);
      expect(result.locations[0].physicalLocation.region.startLine).toBeGreaterThan(0);
    }
  });

  it('has a result for each problem and a rule for each code', () => {
    expect(sarif.runs[0]?.results).toHaveLength(problems.length);
    expect(sarif.runs[0]?.tool.driver.rules.map(({ id }) => id)).toEqual(
      [...new Set(problems.map(({ code }) => code))].sort(),
    );
  });

  it('writes paths as relative URIs', () => {
    const [result] = sarif.runs[0]?.results ?? [];
    expect(result?.locations[0].physicalLocation.artifactLocation.uri).toBe('manifests/a%20b%23c.json');
  });
});
