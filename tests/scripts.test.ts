import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

const root = new URL('..', import.meta.url).pathname;
const script = (name: string, ...words: string[]) =>
  spawnSync(process.execPath, [`scripts/${name}.ts`, ...words], { cwd: root, encoding: 'utf8' });

describe.each([
  ['check', 'workflow-security'],
  ['engines', 'cluster-service'],
  ['loop', 'pin-on-merge'],
])('npm run %s', (name, known) => {
  it('says how it is called', () => {
    const { status, stdout, stderr } = script(name, '--help');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain(`Usage: npm run ${name}`);
    expect(stdout).toContain(known);
  });

  it.each(['--nope', 'nope'])('refuses %s, and says how it is called', (word) => {
    const { status, stdout, stderr } = script(name, word);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(word);
    expect(stderr).toContain(`Usage: npm run ${name}`);
  });
});
