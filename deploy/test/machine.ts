import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { RunProcess } from '@holdfast/testkit';
import { type Network, ownNamespace } from './network.ts';
import { parseUnit } from './unit.ts';

export const deployFolder = join(import.meta.dirname, '..');

/** Peers notice each other, and a loss, in seconds rather than a minute. */
const quickIntervals = [
  'CLUSTER_MONITORPINGINTERVAL=2s',
  'CLUSTER_PEERWATCHINTERVAL=1s',
  'CLUSTER_PUBSUBMON_CHECKINTERVAL=2s',
  'CLUSTER_CRDT_REBROADCASTINTERVAL=2s',
  'CLUSTER_DISK_METRICTTL=6s',
  'CLUSTER_TAGS_METRICTTL=6s',
  'CLUSTER_PINQUEUE_METRICTTL=6s',
  'CLUSTER_IPFSHTTP_CONNECTSWARMSDELAY=1s',
  'CLUSTER_METRICS_REPORTINGINTERVAL=1s',
];

export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** A machine: network, host name and files of its own over those of this one, which it never changes. */
export class Machine {
  readonly name: string;
  readonly address: string;
  readonly #network: Network;
  readonly #holder: RunProcess;
  readonly #services = new Map<string, RunProcess>();

  private constructor(network: Network, name: string, address: string, holder: RunProcess) {
    this.#network = network;
    this.name = name;
    this.address = address;
    this.#holder = holder;
  }

  static async boot(network: Network, name: string, address: string): Promise<Machine> {
    // What is written to these folders goes to memory, and with the machine.
    const layers = ['etc', 'var', 'usr', 'root', 'srv', 'run'];
    const overlay = layers.map(
      (layer) =>
        `mkdir -p $M/${layer} $M/.${layer}; mount -t overlay overlay -o lowerdir=/${layer},upperdir=$M/${layer},workdir=$M/.${layer} /${layer}`,
    );
    const script = [
      'M=/mnt',
      'mount -t tmpfs tmpfs $M',
      ...overlay,
      `hostname ${name}`,
      'rm -rf /etc/nginx/sites-enabled/default',
      'touch /run/booted',
      'exec sleep infinity',
    ].join('\n');
    const holder = network.run.start({
      name,
      binary: 'unshare',
      args: ['--net', '--mount', '--uts', '--', 'bash', '-ec', script],
      env: {},
    });
    await holder.until('it has a network of its own', () => ownNamespace(holder));
    const machine = new Machine(network, name, address, holder);
    await holder.until('its files are there', async () =>
      (await machine.try(`[ "$(hostname)" = ${name} ] && [ -e /run/booted ]`)).code === 0 ? true : undefined,
    );
    const programs = Object.entries(network.programs);
    await machine.sh(
      programs.map(([program, path]) => `ln -sf '${path}' /usr/local/bin/${program}`).join('\n'),
    );
    return machine;
  }

  get pid(): number {
    return this.#holder.identity?.pid ?? 0;
  }

  get #enter(): string[] {
    return ['-t', String(this.pid), '-n', '-m', '-u', `--wd=${deployFolder}`];
  }

  /** Runs a script as root; fails where it does. */
  async sh(script: string, env: Record<string, string> = {}): Promise<string> {
    const { code, stdout, stderr } = await this.try(script, env);
    if (code !== 0) throw new Error(`${this.name}: ${script}\nended with ${code}\n${stdout}${stderr}`);
    return stdout;
  }

  try(script: string, env: Record<string, string> = {}): Promise<Ended> {
    return new Promise((done) => {
      execFile(
        'nsenter',
        [...this.#enter, 'bash', '-eo', 'pipefail', '-c', script],
        {
          env: {
            ...this.#network.run.environment(env),
            PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
            HOME: '/root',
          },
          maxBuffer: 64 << 20,
          // A command that hangs is named; the hook around it would only run out.
          timeout: 60_000,
          killSignal: 'SIGKILL',
        },
        (error, stdout, stderr) => {
          const hung = error?.killed ? `\n${this.name}: no end within 60 s` : '';
          done({ code: error ? Number(error.code ?? 255) : 0, stdout, stderr: stderr + hung });
        },
      );
    });
  }

  /** Starts a program that goes on. */
  serve(name: string, command: readonly string[], env: Record<string, string> = {}): RunProcess {
    const process = this.#network.run.start({
      name: `${this.name}-${name}`,
      binary: 'nsenter',
      args: [...this.#enter, ...command],
      env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', ...env },
    });
    this.#services.set(name, process);
    return process;
  }

  /** Starts the unit that is installed on the machine, as systemd does: its user, its environment, its command. */
  async startUnit(name: string): Promise<RunProcess> {
    const unit = parseUnit(await this.sh(`cat /etc/systemd/system/${name}.service`));
    const files = await Promise.all(unit.environmentFiles.map((file) => this.sh(`cat ${file}`)));
    const variables = [
      ...unit.environment,
      ...files.flatMap((text) => text.trim().split('\n')),
      ...(name === 'ipfs-cluster' ? quickIntervals : []),
    ];
    const user = unit.user
      ? ['setpriv', `--reuid=${unit.user}`, `--regid=${unit.group}`, '--clear-groups', '--no-new-privs', '--']
      : [];
    return this.serve(name, [...user, 'env', '-i', 'PATH=/usr/bin:/bin', ...variables, ...unit.command], {});
  }

  service(name: string): RunProcess {
    const process = this.#services.get(name);
    if (!process) throw new Error(`${this.name} runs no ${name}`);
    return process;
  }

  async kill(name: string, how: 'kill' | 'graceful' = 'kill'): Promise<void> {
    await this.service(name).stop(how);
  }

  /** Calls the cluster's REST API on the machine itself, with the password in its files. */
  async cluster(path: string, method = 'GET'): Promise<string> {
    return this.sh(
      `. /etc/holdfast/cluster.env; curl -sS --fail-with-body -X ${method} -u "$CLUSTER_RESTAPI_BASICAUTHCREDENTIALS" 'http://127.0.0.1:9094${path}'`,
    );
  }
}
