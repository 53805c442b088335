import { moreProblems } from '../json/read-document.ts';
import { asWarning, hasErrors, problem } from '../problem/problem-draft.ts';
import type { Change } from './change.ts';

const inFull = 20_000;
const afterwards = 5;

/**
 * Keeps a number of problems in full, then the first few of each change, errors first. One small blob under thousands of names has
 * millions of problems, which nobody reads and no report can hold.
 */
export class ProblemBudget {
  #told = 0;

  cut(change: Change): Change {
    const { problems, path } = change;
    this.#told += problems.length;
    if (this.#told <= inFull || problems.length <= afterwards) return change;
    const bySeverity = [...problems].sort((a, b) => a.severity.localeCompare(b.severity));
    const [kept, left] = [bySeverity.slice(0, afterwards), bySeverity.slice(afterwards)];
    const rest = problem(moreProblems(left.length), { file: path });
    return { ...change, problems: [...kept, hasErrors(left) ? rest : asWarning(rest)] };
  }
}
