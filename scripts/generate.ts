// The part of `npm run generate` that belongs to no package: API reports and the index of decisions.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiReports } from './generate/api-report.ts';
import { decisionIndex } from './generate/decision-index.ts';

const root = join(import.meta.dirname, '..');
const decisions = join(root, 'docs/decisions');
writeFileSync(join(decisions, 'README.md'), decisionIndex(decisions));
for (const { file, text } of apiReports(root)) writeFileSync(join(root, file), text);
