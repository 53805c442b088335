import { acceptManifests } from '@holdfast/datasets';
import { hasErrors } from '@holdfast/manifest';
import { count, escapeText } from '@holdfast/manifest/text';
import { nearness } from '@holdfast/watch';
import { defineCommand } from '../frame/command.ts';
import { numberOf } from '../frame/duration.ts';
import { exitCode } from '../frame/exit-code.ts';
import { fromCwd } from '../frame/operand-file.ts';
import { writeWhole } from '../frame/whole-file.ts';
import { dayMs, endingsMarkdown, endingText } from '../names/ending-text.ts';
import { knownEndings } from '../names/known-endings.ts';
import { routerFlags } from '../names/router-flags.ts';
import { judgeCommit } from '../pinning/judge-commit.ts';

export const expiring = defineCommand({
  operands: '',
  arity: [0, 0],
  flags: {
    days: { type: 'string', value: 'N', about: 'how far to look ahead; default: 30' },
    markdown: {
      type: 'string',
      value: 'FILE',
      about: 'write it as the body of an issue, with a task for each signer',
    },
    'public-keys': {
      type: 'string',
      value: 'DIR',
      about: 'folder of the keys and the policy in that commit; default: public-keys',
    },
    ...routerFlags,
    router: {
      ...routerFlags.router,
      about: 'router that knows the records of names; default: $ROUTERS, else names are not looked up',
    },
  },
  about:
    'Looks ahead in the last commit: datasets whose pins end, signers whose signatures will no longer count and what nobody could change then, records of names. Each comes with the commands that keep it. The exit code is 1 where something ends.',
  examples: [
    { about: 'within a month', command: 'holdfast expiring' },
    { about: 'for a workflow that keeps one issue', command: 'holdfast expiring --markdown expiring.md' },
  ],
  async run({ flags }, tools) {
    const days = numberOf('days', flags.days ?? '30', 1, 3650);
    const at = tools.clock().getTime();
    const { report, trust, sources } = await judgeCommit(flags, tools);
    const { accepted, problems, lapsedProblems } = acceptManifests(report);
    const endings = await knownEndings(
      { accepted, trust, publicKeys: flags['public-keys'], withinMs: days * dayMs },
      flags,
      tools,
    );
    if (flags.markdown !== undefined)
      await writeWhole(fromCwd(tools.cwd, flags.markdown), endingsMarkdown(endings, at));
    const found = [...problems, ...lapsedProblems];
    return {
      exitCode: endings.length > 0 || hasErrors(found) ? exitCode.problems : exitCode.ok,
      result: {
        endings: endings.map((ending) => ({
          ...ending,
          endsAt: new Date(ending.endsAt).toISOString(),
          nearness: nearness(ending, at),
        })),
      },
      problems: found,
      sources,
      quiet: endings.map(({ id }) => escapeText(id)).join('\n'),
      text: (paint) =>
        endings.length === 0
          ? `${paint.green('✓')} nothing ends within ${count(days, 'day')}`
          : endings.map((ending) => endingText(ending, at, paint)).join('\n'),
    };
  },
});
