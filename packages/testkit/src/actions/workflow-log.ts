import type { Annotation } from './workflow-command.ts';

export interface WorkflowStep {
  /** As in the workflow file: its name, else its `uses` or `run`. */
  name: string;
  /** `Main`, or `Pre` and `Post` of an action. */
  stage: string;
  result: string;
  outputs: Record<string, string>;
  /** What it printed, without commands. */
  output: string;
  summary: string;
}

export interface WorkflowJob {
  /** act gives all jobs of a matrix the result of the worst; their steps tell which one it was. */
  result: string;
  steps: WorkflowStep[];
}

export interface WorkflowLog {
  /** By the job's id; a job of a matrix has its values after the id, as in `test (22)`. */
  jobs: Record<string, WorkflowJob>;
  annotations: Annotation[];
}

/** One line of `act --json`. */
interface Line {
  jobID?: string;
  matrix?: Record<string, unknown>;
  step?: string;
  stage?: string;
  stepResult?: string;
  jobResult?: string;
  command?: string;
  name?: string;
  arg?: string;
  content?: string;
  kvPairs?: Record<string, string>;
  raw_output?: boolean;
  msg?: string;
}

export function readWorkflowLog(text: string): WorkflowLog {
  const log: WorkflowLog = { jobs: {}, annotations: [] };
  for (const line of text.split('\n').flatMap(parse)) {
    if (!line.jobID) continue;
    const job = jobOf(log, line);
    if (line.jobResult) job.result = line.jobResult;
    // Steps that act adds itself have no stage.
    if (!line.step || !line.stage) continue;
    const step = stepOf(job, line.step, line.stage);
    if (line.stepResult) step.result = line.stepResult;
    if (line.raw_output) step.output += line.msg ?? '';
    if (line.command === 'summary') step.summary += line.content ?? '';
    if (line.command === 'set-output' && line.name) step.outputs[line.name] = line.arg ?? '';
    log.annotations.push(...annotationOf(line));
  }
  return log;
}

function parse(text: string): Line[] {
  if (!text.startsWith('{')) return [];
  try {
    return [JSON.parse(text) as Line];
  } catch {
    return [];
  }
}

function jobOf(log: WorkflowLog, { jobID = '', matrix = {} }: Line): WorkflowJob {
  const values = Object.values(matrix);
  const key = values.length > 0 ? `${jobID} (${values.join(', ')})` : jobID;
  log.jobs[key] ??= { result: 'unfinished', steps: [] };
  return log.jobs[key];
}

function stepOf(job: WorkflowJob, name: string, stage: string): WorkflowStep {
  const last = job.steps.at(-1);
  if (last && last.name === name && last.stage === stage) return last;
  const earlier = job.steps.findLast((it) => it.name === name && it.stage === stage);
  if (earlier) return earlier;
  const step = { name, stage, result: 'unfinished', outputs: {}, output: '', summary: '' };
  job.steps.push(step);
  return step;
}

function annotationOf({ command, arg, kvPairs = {} }: Line): Annotation[] {
  if (command !== 'error' && command !== 'warning' && command !== 'notice') return [];
  const { file, line, col, title } = kvPairs;
  return [
    {
      level: command,
      message: arg ?? '',
      ...(file ? { file } : {}),
      ...(line ? { line: Number(line) } : {}),
      ...(col ? { column: Number(col) } : {}),
      ...(title ? { title } : {}),
    },
  ];
}
