import { escapeText } from '@holdfast/manifest/text';
import type { Args, Command, Program, Report } from './command.ts';
import { type ExitCode, exitCode } from './exit-code.ts';
import { type Failure, failureOf } from './failure.ts';
import { findCommand } from './find-command.ts';
import { parseFlags } from './flags.ts';
import { commandHelp, overview } from './help.ts';
import { fitted } from './narrow.ts';
import { paintFor } from './paint.ts';
import type { Ports } from './ports.ts';
import { problemText } from './problem-text.ts';
import { progressTo } from './progress.ts';
import { Stop } from './stop.ts';
import { waitingTo } from './waiting.ts';

/** Finds the command, parses its flags, runs it, and prints what it returns. */
export async function runProgram(program: Program, argv: readonly string[], ports: Ports): Promise<ExitCode> {
  const json = argv.includes('--json') && !argv.slice(0, argv.indexOf('--json')).includes('--');
  const [word, ...rest] = argv;
  try {
    if (word === undefined || word === 'help' || word === '--help' || word === '-h') {
      return await help(program, rest, ports, word === undefined);
    }
    if (['--version', '-V', '-v', 'version'].includes(word)) {
      ports.stdout.write(`${program.version}\n`);
      return exitCode.ok;
    }
    const command = await findCommand(program.commands, word);
    const args = parseFlags(command, rest);
    if (args.flags.help) {
      ports.stdout.write(commandHelp(command, paintFor(ports.stdout, ports.env), ports.stdout.columns));
      return exitCode.ok;
    }
    return await runCommand(program, command, args, ports);
  } catch (error) {
    return fail(failureOf(error), word ?? '', json, ports, error);
  }
}

async function help(
  { commands }: Program,
  rest: readonly string[],
  ports: Ports,
  lost: boolean,
): Promise<ExitCode> {
  const [name] = rest.filter((word) => !word.startsWith('-'));
  const output = lost ? ports.stderr : ports.stdout;
  const paint = paintFor(output, ports.env);
  const { columns } = output;
  output.write(
    name === undefined
      ? overview(commands, paint, columns)
      : commandHelp(await findCommand(commands, name), paint, columns),
  );
  return lost ? exitCode.misuse : exitCode.ok;
}

async function runCommand(program: Program, command: Command, args: Args, ports: Ports): Promise<ExitCode> {
  const json = args.flags.json === true;
  const quiet = args.flags.quiet === true;
  const progress = progressTo(ports.stderr, json ? 'json' : quiet ? 'silent' : 'people', ports);
  const waiting = waitingTo(progress.event);
  try {
    const note = (text: string) => {
      progress.clear();
      if (!json && !quiet) ports.stderr.write(`${fitted(text, ports.stderr)}\n`);
    };
    for (const remark of args.remarks) note(remark);
    const report = await command.run(args, {
      ...ports,
      interactive: !json && ports.stdin.isTTY && ports.stderr.isTTY,
      progress: (event) => {
        waiting.over();
        progress.event(event);
      },
      waitingFor: waiting.on,
      print: json || quiet ? undefined : (text) => ports.stdout.write(text),
      line: json ? (document) => writeJson(ports, { verb: command.name, ...document }) : undefined,
      program,
      note,
    });
    waiting.over();
    progress.clear();
    ports.signal.throwIfAborted();
    print(command, report, ports, json, quiet);
    return report.exitCode;
  } catch (error) {
    waiting.over();
    progress.clear();
    if (!ports.signal.aborted) throw error;
    const hint = command.resume ?? 'run the same command again';
    const { reason } = ports.signal;
    const failure: Failure = {
      exitCode: reason instanceof Stop ? reason.exitCode : exitCode.interrupted,
      code: 'interrupted',
      message: 'stopped',
      hint,
    };
    return fail(failure, command.name, json, ports, error);
  }
}

function print(command: Command, report: Report, ports: Ports, json: boolean, quiet: boolean): void {
  const problems = report.problems ?? [];
  if (json) {
    const ok = report.exitCode === exitCode.ok;
    writeJson(ports, { verb: command.name, ok, exitCode: report.exitCode, result: report.result, problems });
    return;
  }
  const paint = paintFor(ports.stderr, ports.env);
  for (const problem of problems) {
    if (quiet && problem.severity === 'warning') continue;
    ports.stderr.write(
      fitted(problemText(problem, paint, report.sources?.get(problem.file ?? '')), ports.stderr),
    );
  }
  const text = quiet ? (report.quiet ?? '') : report.text(paintFor(ports.stdout, ports.env));
  // With --quiet it is the one value that a script wants, on a terminal too.
  const shown = quiet ? text : fitted(text, ports.stdout);
  if (shown !== '') ports.stdout.write(shown.endsWith('\n') ? shown : `${shown}\n`);
}

function fail(failure: Failure, command: string, json: boolean, ports: Ports, error: unknown): ExitCode {
  const { exitCode: code, ...told } = failure;
  if (json) {
    writeJson(ports, { verb: command, ok: false, exitCode: code, problems: [], error: told });
  } else {
    const paint = paintFor(ports.stderr, ports.env);
    const told = [
      `${paint.red('holdfast:')} ${lines(failure.message)}\n`,
      ...(failure.hint ? [`  ${paint.cyan('help:')} ${lines(failure.hint)}\n`] : []),
    ];
    ports.stderr.write(fitted(told.join(''), ports.stderr));
  }
  if (ports.env.HOLDFAST_DEBUG && error instanceof Error) ports.stderr.write(`${error.stack}\n`);
  return code;
}

const lines = (text: string) => text.split('\n').map(escapeText).join('\n  ');

/** The first member is the version of the shape. docs/json.md describes the `result` of each command. */
function writeJson(ports: Ports, document: object): void {
  ports.stdout.write(`${JSON.stringify({ holdfast: 1, ...document })}\n`);
}
