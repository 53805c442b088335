import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { currentReadme, withWorkflows } from '../scripts/readme-workflows.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

describe('the README', () => {
  it("has this repository's workflows, as others would copy them", () => {
    expect(readme).toBe(currentReadme(readme));
    expect(readme).toContain('uses: holdfast-data/holdfast/actions/pin-on-merge@v');
    expect(readme).not.toContain('uses: ./actions/');
  });

  it('would differ if a workflow did', () => {
    expect(withWorkflows(readme, '0.1.0', () => 'name: Other\n')).not.toBe(readme);
  });
});
