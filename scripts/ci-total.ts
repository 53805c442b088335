// The closing line of .ci/run: tests from Vitest's reports and checks from their own line. A step that failed
// without a failed test, a missing report and a skipped test each count as one failure.
import { readFileSync } from 'node:fs';

const [tests = '1', scan = '1', browser = '1', deploy = '1', check = '1', checkLine = ''] =
  process.argv.slice(2);
let passed = 0;
let failed = 0;

function count(
  name: string,
  exitCode: string,
  report: { passed: number; failed: number; skipped: number } | undefined,
) {
  passed += report?.passed ?? 0;
  const failures = (report?.failed ?? 0) + (report?.skipped ?? 0);
  if (report === undefined) console.log(`${name}: no report that can be read was written`);
  if (report?.skipped) console.log(`${name}: ${report.skipped} skipped, and nothing may be`);
  failed += failures === 0 && (exitCode !== '0' || report === undefined) ? 1 : failures;
}

function vitestReport(file: string) {
  try {
    const report = JSON.parse(readFileSync(`node_modules/.cache/holdfast/${file}`, 'utf8'));
    const counts = {
      passed: report.numPassedTests,
      failed: report.numFailedTests,
      skipped: report.numPendingTests + report.numTodoTests,
    };
    return Object.values(counts).every(Number.isSafeInteger) ? counts : undefined;
  } catch {
    return undefined;
  }
}

count('npm test', tests, vitestReport('tests.json'));
count('npm run test:clamav', scan, vitestReport('clamav.json'));
count('npm run test:browser', browser, vitestReport('browser.json'));
count('npm run test:deploy', deploy, vitestReport('deploy.json'));
const line = /^(\d+) passed, (\d+) failed$/.exec(checkLine);
count(
  'npm run check',
  check,
  line ? { passed: Number(line[1]), failed: Number(line[2]), skipped: 0 } : undefined,
);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
