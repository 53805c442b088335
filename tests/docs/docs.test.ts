import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runDoc } from './doc-runner.ts';

const docs = new URL('../../docs/', import.meta.url);

/** Pages that need real engines are run by tests of their own, beside this one. */
const withEngines = ['five-minute-start.md', 'operations.md'];

const pages = readdirSync(docs).filter((name) => name.endsWith('.md') && !withEngines.includes(name));

describe('every command and snippet of docs/', () => {
  it.each(pages)('%s', async (name) => {
    await runDoc(new URL(name, docs).pathname);
  });

  it('README of the command line', async () => {
    await runDoc(new URL('../packages/cli/README.md', docs).pathname);
  });

  it('is of a page that some test runs', () => {
    const tests = readdirSync(new URL('.', import.meta.url));
    for (const page of withEngines) expect(tests).toContain(page.replace(/\.md$/, '.engine.test.ts'));
  });
});
