import { escapeText } from '@holdfast/manifest/text';
import { Misuse } from '../frame/misuse.ts';
import type { Ports } from '../frame/ports.ts';
import { runTool } from '../frame/tool.ts';

/**
 * The signature that `ssh-keygen -Y sign` makes. OpenSSH itself finds the key in a file or an agent and asks for its
 * passphrase, as ssh does.
 */
export async function sshSign(
  key: string,
  namespace: string,
  message: string,
  ports: Ports,
): Promise<string> {
  const ended = await runTool('ssh-keygen', ['-Y', 'sign', '-n', namespace, '-f', key], message, ports);
  if (ended === undefined)
    throw new Misuse('ssh-keygen is not installed or not on PATH', 'install OpenSSH, or sign with --key');
  const { code, stdout, stderr } = ended;
  if (code === 0) return stdout;
  throw new Misuse(`ssh-keygen could not sign with ${escapeText(key)}: ${lastLine(stderr)}`, hintFor(stderr));
}

function lastLine(text: string): string {
  return (
    text
      .trim()
      .split('\n')
      .at(-1)
      ?.replace(/^Enter passphrase[^:]*: ?/, '') ?? ''
  );
}

function hintFor(stderr: string): string {
  if (/No such file/i.test(stderr)) return 'name a private key, or the .pub file of a key in your agent';
  if (/No private key found|agent/i.test(stderr)) {
    return 'the agent does not have this key: ssh-add -L lists its keys, ssh-add FILE adds one';
  }
  if (/passphrase/i.test(stderr))
    return 'the passphrase was wrong, or there was no terminal to ask on: add the key to your agent with ssh-add';
  return 'ssh-keygen -Y sign needs OpenSSH 8.2 or newer and an ssh-ed25519 key';
}
