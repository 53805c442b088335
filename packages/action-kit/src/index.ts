export { bytes, copies, count } from '@holdfast/manifest/text';
export { type FailedAction, runAction } from './action.ts';
export { type Annotation, annotate, exceedsLog } from './annotation.ts';
export { type CheckRun, publishCheckRun } from './check-run.ts';
export { commentLimit, publishComment, type StickyComment } from './comment.ts';
export { Document } from './document.ts';
export {
  type BaseHint,
  type PullRequestFacts,
  readEvent,
  type SupportedEvent,
  serverAddress,
  supportedEvents,
  type WorkflowEvent,
} from './event.ts';
export { type ExitCode, exitCode, exitCodeOf, failureLines, Misuse } from './failure.ts';
export { fetchHeader } from './fetch-header.ts';
export { type Answer, GitHub, type GitHubOptions, repositoryOf } from './github.ts';
export type { Failure, FailureKind } from './github-failure.ts';
export {
  choice,
  duration,
  flag,
  type Input,
  InputFault,
  integer,
  lines,
  optional,
  secret,
  text as textInput,
  url,
  withDefault,
} from './input.ts';
export { type Inputs, readInputs } from './inputs.ts';
export { limitedJson } from './limited-json.ts';
export { code, commands, join, link, Markdown, md, message, text } from './markdown.ts';
export { patterns } from './patterns.ts';
export { printable } from './printable.ts';
export { type Range, type RangeOptions, resolveRange } from './range.ts';
export { type AnnotationPlace, type Environment, Runner } from './runner.ts';
export { unmatchedPatterns } from './unmatched-patterns.ts';
