// Fails when one of the paths given holds a file that git does not track: a generated file nobody committed.
import { execFileSync } from 'node:child_process';

const paths = process.argv.slice(2);
const untracked = execFileSync('git', ['ls-files', '--others', '--exclude-standard', '--', ...paths], {
  encoding: 'utf8',
});
if (untracked !== '') {
  console.error(`not committed:\n${untracked}`);
  process.exit(1);
}
