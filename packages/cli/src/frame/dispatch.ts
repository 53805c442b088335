import { nearest } from '@holdfast/manifest/text';
import { type ExitCode, exitCode } from './exit-code.ts';
import { type Failure, failureOf } from './failure.ts';
import { parseFlags } from './flags.ts';
import { overview, verbHelp } from './help.ts';
import { Misuse } from './misuse.ts';
import { paintFor } from './paint.ts';
import type { Ports } from './ports.ts';
import { printable } from './printable.ts';
import { problemText } from './problem-text.ts';
import { progressTo } from './progress.ts';
import { Stop } from './stop.ts';
import type { Args, Report, Verb } from './verb.ts';
import { verbs } from './verbs.ts';
import { version } from './version.ts';

/** The whole of `holdfast`: a command line and the world in, an exit code out. */
export async function dispatch(argv: readonly string[], ports: Ports): Promise<ExitCode> {
  const json = argv.includes('--json') && !argv.slice(0, argv.indexOf('--json')).includes('--');
  const [word, ...rest] = argv;
  try {
    if (word === undefined || word === 'help' || word === '--help' || word === '-h') {
      return await help(rest, ports, word === undefined);
    }
    if (['--version', '-V', '-v', 'version'].includes(word)) {
      ports.stdout.write(`${version}\n`);
      return exitCode.ok;
    }
    const verb = await loadVerb(word);
    const args = parseFlags(verb, rest);
    if (args.flags.help) {
      ports.stdout.write(verbHelp(verb, paintFor(ports.stdout, ports.env), ports.stdout.columns));
      return exitCode.ok;
    }
    return await runVerb(verb, args, ports);
  } catch (error) {
    return fail(failureOf(error), word ?? '', json, ports, error);
  }
}

async function help(rest: readonly string[], ports: Ports, lost: boolean): Promise<ExitCode> {
  const [name] = rest.filter((word) => !word.startsWith('-'));
  const output = lost ? ports.stderr : ports.stdout;
  const paint = paintFor(output, ports.env);
  const { columns } = output;
  output.write(
    name === undefined ? overview(verbs, paint, columns) : verbHelp(await loadVerb(name), paint, columns),
  );
  return lost ? exitCode.misuse : exitCode.ok;
}

async function loadVerb(word: string): Promise<Verb> {
  const entry = Object.hasOwn(verbs, word) ? verbs[word] : undefined;
  if (entry) return entry.load();
  if (word.startsWith('-')) {
    // Only the name: the value of a mistyped flag may be a secret.
    const name = printable(word.replace(/=.*/s, ''));
    throw new Misuse(
      `${name} stands where the verb is expected`,
      `flags come after it: holdfast VERB ${name}; holdfast --help lists the verbs`,
    );
  }
  const near = nearest(word, Object.keys(verbs));
  throw new Misuse(
    `"${printable(word)}" is not a verb of holdfast${near ? `; did you mean holdfast ${near}?` : ''}`,
    'holdfast --help lists them',
  );
}

async function runVerb(verb: Verb, args: Args, ports: Ports): Promise<ExitCode> {
  const json = args.flags.json === true;
  const quiet = args.flags.quiet === true;
  const progress = progressTo(ports.stderr, json ? 'json' : quiet ? 'silent' : 'people', ports);
  try {
    const report = await verb.run(args, {
      ...ports,
      interactive: !json && ports.stdin.isTTY && ports.stderr.isTTY,
      progress: progress.event,
      allVerbs: () => Promise.all(Object.values(verbs).map((entry) => entry.load())),
      note: (text) => {
        progress.clear();
        if (!json && !quiet) ports.stderr.write(`${text}\n`);
      },
    });
    progress.clear();
    ports.signal.throwIfAborted();
    print(verb, report, ports, json, quiet);
    return report.exitCode;
  } catch (error) {
    progress.clear();
    if (!ports.signal.aborted) throw error;
    const hint = verb.resume ?? 'run the same command again';
    const { reason } = ports.signal;
    const failure: Failure = {
      exitCode: reason instanceof Stop ? reason.exitCode : exitCode.interrupted,
      code: 'interrupted',
      message: 'stopped',
      hint,
    };
    return fail(failure, verb.name, json, ports, error);
  }
}

function print(verb: Verb, report: Report, ports: Ports, json: boolean, quiet: boolean): void {
  const problems = report.problems ?? [];
  if (json) {
    const ok = report.exitCode === exitCode.ok;
    writeJson(ports, { verb: verb.name, ok, exitCode: report.exitCode, result: report.result, problems });
    return;
  }
  const paint = paintFor(ports.stderr, ports.env);
  for (const problem of problems) {
    if (quiet && problem.severity === 'warning') continue;
    ports.stderr.write(problemText(problem, paint, report.sources?.get(problem.file ?? '')));
  }
  const text = quiet ? (report.quiet ?? '') : report.text(paintFor(ports.stdout, ports.env));
  if (text !== '') ports.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

function fail(failure: Failure, verb: string, json: boolean, ports: Ports, error: unknown): ExitCode {
  const { exitCode: code, ...told } = failure;
  if (json) {
    writeJson(ports, { verb, ok: false, exitCode: code, problems: [], error: told });
  } else {
    const paint = paintFor(ports.stderr, ports.env);
    ports.stderr.write(`${paint.red('holdfast:')} ${lines(failure.message)}\n`);
    if (failure.hint) ports.stderr.write(`  ${paint.cyan('help:')} ${lines(failure.hint)}\n`);
  }
  if (ports.env.HOLDFAST_DEBUG && error instanceof Error) ports.stderr.write(`${error.stack}\n`);
  return code;
}

const lines = (text: string) => text.split('\n').map(printable).join('\n  ');

/** The first member names the version of the shape; docs/json.md describes each verb's `result`. */
function writeJson(ports: Ports, document: object): void {
  ports.stdout.write(`${JSON.stringify({ holdfast: 1, ...document })}\n`);
}
