import type { Tools } from '../frame/command.ts';
import { runTool } from '../frame/tool.ts';
import { type Finding, Findings } from './finding.ts';

/** The programs that Holdfast needs here. */
export async function thisMachine(tools: Tools): Promise<readonly Finding[]> {
  const found = new Findings('this machine');
  found.ok('holdfast', tools.program.version);
  found.ok('node', process.versions.node);
  const git = await runTool('git', ['--version'], '', tools);
  const [, version = ''] = /(\d+(?:\.\d+)+)/.exec(git?.stdout ?? '') ?? [];
  if (git === undefined)
    found.error('git', 'git is not on PATH', 'install git: check, plan and pin read commits');
  else if (isOlder(version, [2, 38]))
    found.warn(
      'git',
      `git ${version} cannot preview a merge, which check needs from 2.38 on`,
      'install a newer git',
    );
  else found.ok('git', version);
  const ssh = await runTool('ssh-keygen', ['-?'], '', tools);
  if (ssh === undefined)
    found.warn('ssh-keygen', 'ssh-keygen is not on PATH', 'needed for sign --ssh alone: install OpenSSH');
  return found.all();
}

function isOlder(version: string, [major, minor]: readonly [number, number]): boolean {
  const [one = 0, two = 0] = version.split('.').map(Number);
  return one < major || (one === major && two < minor);
}
