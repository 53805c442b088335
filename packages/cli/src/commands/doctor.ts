import { count, escapeText } from '@holdfast/manifest/text';
import { gatewaysNamed } from '../content/source-flags.ts';
import { configFiles } from '../doctor/config-files.ts';
import type { Finding } from '../doctor/finding.ts';
import { ownKeys } from '../doctor/own-keys.ts';
import { gatewaysState, routersState } from '../doctor/places-state.ts';
import { repositoryState } from '../doctor/repository-state.ts';
import { targetsState } from '../doctor/targets-state.ts';
import { thisMachine } from '../doctor/this-machine.ts';
import { defineCommand, type Tools } from '../frame/command.ts';
import { exitCode } from '../frame/exit-code.ts';
import type { Paint } from '../frame/paint.ts';
import { routerFlags, routersFor } from '../names/router-flags.ts';
import { targetFlags } from '../pinning/target-flags.ts';

export const doctor = defineCommand({
  operands: '[CONFIG…]',
  arity: [0, 100],
  flags: {
    ...targetFlags,
    gateway: { type: 'string', value: 'URL', multiple: true, about: 'gateway to ask; default: $GATEWAYS' },
    ...routerFlags,
    'public-keys': {
      type: 'string',
      value: 'DIR',
      about: 'folder of the keys and the policy; default: the nearest public-keys',
    },
  },
  about:
    'Looks at this machine, the repository, your keys, and the target, gateways and routers that flags and the environment name, and says how to fix what is wrong. CONFIG is a service.json of IPFS Cluster or a config of Kubo. Changes nothing. Ends with 1 if something is to be fixed.',
  examples: [
    { about: 'in the repository of your manifests', command: 'holdfast doctor' },
    { about: 'a target', command: 'holdfast doctor --cluster-url https://cluster.example.org:9094' },
    {
      about: 'on a machine of the cluster',
      command: 'holdfast doctor ~/.ipfs/config ~/.ipfs-cluster/service.json --kubo-url http://127.0.0.1:5001',
    },
  ],
  async run({ operands, flags }, tools) {
    tools.waitingFor('the target, gateways and routers');
    // A server that hangs must not keep the rest from being said.
    const signal = AbortSignal.any([tools.signal, AbortSignal.timeout(longestMs)]);
    const inTime: Tools = { ...tools, signal };
    const keys = flags['public-keys'];
    const findings = (
      await Promise.all([
        thisMachine(tools),
        repositoryState(keys, tools),
        ownKeys(keys, tools),
        configFiles(operands, tools),
        targetsState(flags, inTime),
        gatewaysState(gatewaysNamed(flags.gateway, tools), inTime),
        routersState(routersFor(flags, tools), inTime),
      ])
    ).flat();
    tools.signal.throwIfAborted();
    const [errors, warnings] = [numberOf(findings, 'error'), numberOf(findings, 'warning')];
    return {
      exitCode: errors > 0 ? exitCode.problems : exitCode.ok,
      result: { errors, warnings, findings: findings.map((one) => ({ ...one, help: one.help ?? null })) },
      quiet: findings
        .filter(({ health }) => health === 'error')
        .map(({ subject, message }) => `${subject}: ${message}`)
        .join('\n'),
      text: (paint) => [...findingLines(findings, paint), '', endLine(errors, warnings, paint)].join('\n'),
    };
  },
});

const longestMs = 20_000;

function numberOf(findings: readonly Finding[], health: Finding['health']): number {
  return findings.filter((finding) => finding.health === health).length;
}

function findingLines(findings: readonly Finding[], paint: Paint): readonly string[] {
  const marks = { ok: paint.green('✓'), warning: paint.yellow('!'), error: paint.red('✗') };
  return [...Map.groupBy(findings, ({ area }) => area)].flatMap(([area, those]) => [
    paint.bold(area),
    ...those.flatMap(({ health, subject, message, help }) => [
      `  ${marks[health]} ${escapeText(subject)}: ${escapeText(message)}`,
      ...(help === undefined ? [] : [paint.dim(`    help: ${escapeText(help)}`)]),
    ]),
  ]);
}

function endLine(errors: number, warnings: number, paint: Paint): string {
  const look = warnings > 0 ? `${count(warnings, 'thing')} worth a look` : '';
  if (errors === 0) return `${paint.green('✓')} nothing to fix${look && `, ${look}`}`;
  return `${paint.red('✗')} ${count(errors, 'thing')} to fix${look && `, ${look}`}`;
}
