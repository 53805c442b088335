export type Command =
  | { readonly kind: 'run'; readonly args: readonly string[] }
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'misuse'; readonly text: string };

export interface Place {
  readonly projects: readonly string[];
  /** The project in whose folder npm was called. */
  readonly here: string | undefined;
  /** Whether somebody watches: a terminal. */
  readonly interactive: boolean;
}

const usage = (projects: readonly string[]): string => `Usage: npm run loop -- [PROJECT] [FILE…] [--once]

Tests a package after each saved edit, without what starts engines (*.engine.test.ts) and what is tagged slow.
With FILE, a part of a test file's path, only the files that match run, and these whole.

  PROJECT   ${projects.join(', ')};
            needless in a package's own folder
  --once    run once and end; the default without a terminal
  --help    this text

Examples: npm run loop -- manifest
          npm run loop -- pinning engine/kill --once`;

/** What the words after `npm run loop --` ask for, as arguments for Vitest. */
export function loopCommand(words: readonly string[], { projects, here, interactive }: Place): Command {
  if (words.includes('--help') || words.includes('-h')) return { kind: 'help', text: usage(projects) };
  const unknown = words.find((word) => word.startsWith('-') && word !== '--once');
  if (unknown) return misuse(`${unknown} is not an option`, projects);
  const operands = words.filter((word) => !word.startsWith('-'));
  const [first] = operands;
  const project = first !== undefined && projects.includes(first) ? operands.shift() : here;
  if (project === undefined) {
    return misuse(first === undefined ? 'which project?' : `"${first}" is not a project`, projects);
  }
  const left = operands.length > 0 ? [] : ['--exclude=**/*.engine.test.ts', '--tags-filter=!slow'];
  const watch = interactive && !words.includes('--once') ? 'watch' : 'run';
  // Files share a worker's modules here; `npm test` gives each its own.
  return { kind: 'run', args: [watch, `--project=${project}`, '--no-isolate', ...left, ...operands] };
}

function misuse(what: string, projects: readonly string[]): Command {
  return { kind: 'misuse', text: `loop: ${what}\n\n${usage(projects)}` };
}
