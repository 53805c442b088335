import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface Socket {
  protocol: string;
  local: string;
  remote: string;
  listening: boolean;
}

/** Every TCP and UDP socket of a process, as proc(5) tells it. Linux only. */
export function socketsOf(pid: number): Socket[] {
  const inodes = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((fd) => inodeOf(`/proc/${pid}/fd/${fd}`) ?? []),
  );
  return ['tcp', 'tcp6', 'udp', 'udp6'].flatMap((protocol) =>
    readFileSync(`/proc/${pid}/net/${protocol}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => inodes.has(fields[9] ?? ''))
      .map(([, local = '', remote = '', state]) => ({
        protocol,
        local: address(local),
        remote: address(remote),
        listening: state === '0A',
      })),
  );
}

function inodeOf(link: string): string | undefined {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(link))?.[1];
  } catch {
    return undefined;
  }
}

/** proc(5) writes an address as hexadecimal 32-bit words in host order. */
function address(text: string): string {
  const [host = ''] = text.split(':');
  if (host.length !== 8) return host;
  return Buffer.from(host, 'hex').reverse().join('.');
}
