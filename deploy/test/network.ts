import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findEngine, Run, type RunProcess } from '@holdfast/testkit';
import { Machine } from './machine.ts';

/** Machines made of namespaces on a switch of their own. Nothing leads from there to this host or out of it. */
export class Network implements AsyncDisposable {
  readonly run: Run;
  readonly programs: Readonly<Record<string, string>>;
  readonly #switch: RunProcess;
  #count = 0;

  private constructor(run: Run, ground: RunProcess, programs: Record<string, string>) {
    this.run = run;
    this.#switch = ground;
    this.programs = programs;
  }

  static async open(): Promise<Network> {
    if (process.getuid?.() !== 0) throw new Error('machines made of namespaces need root: run it with sudo');
    const [kubo, service, ctl] = await Promise.all([
      findEngine('kubo'),
      findEngine('cluster-service'),
      findEngine('cluster-ctl'),
    ]);
    const run = await Run.open();
    const ground = run.start({
      name: 'switch',
      binary: 'unshare',
      args: ['--net', '--', 'sleep', 'infinity'],
      env: {},
    });
    const programs = { ipfs: kubo, 'ipfs-cluster-service': service, 'ipfs-cluster-ctl': ctl };
    const network = new Network(run, ground, programs);
    await ground.until('it has a network of its own', () => ownNamespace(ground));
    await network.inSwitch('ip link set lo up; ip link add bridge0 type bridge; ip link set bridge0 up');
    return network;
  }

  /** A machine with this address, in a /24 that looks public to Kubo. */
  async machine(name: string, address = `7.7.7.${10 + ++this.#count}`): Promise<Machine> {
    const machine = await Machine.boot(this, name, address);
    const port = `p-${name}`;
    await this.inSwitch(
      `ip link add ${port} type veth peer name eth0 netns ${machine.pid}; ip link set ${port} master bridge0 up`,
    );
    await machine.sh(
      `ip link set lo up; ip address add ${address}/24 dev eth0; ip link set eth0 up; ip route add default dev eth0`,
    );
    return machine;
  }

  async inSwitch(script: string): Promise<void> {
    const pid = String(this.#switch.identity?.pid);
    await promisify(execFile)('nsenter', ['-t', pid, '-n', 'sh', '-ec', script]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.run.close();
  }
}

/** Answers once the process has left the network of this one. */
export async function ownNamespace(process: RunProcess): Promise<true | undefined> {
  const { readlink } = await import('node:fs/promises');
  const [own, other] = await Promise.all([
    readlink('/proc/self/ns/net'),
    readlink(`/proc/${process.identity?.pid}/ns/net`),
  ]);
  return own !== other ? true : undefined;
}
