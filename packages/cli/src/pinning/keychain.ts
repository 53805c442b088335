import type { Ports } from '../frame/ports.ts';
import { runTool, type ToolEnded } from '../frame/tool.ts';

/** The system's own place for secrets. Text goes to it and comes from it over pipes, never as an argument. */
export interface Keychain {
  /** For people. */
  readonly label: string;
  read(name: string): Promise<string | undefined>;
  /** False where the system has none, or refuses. */
  write(name: string, text: string): Promise<boolean>;
  /** True if there was one. */
  remove(name: string): Promise<boolean>;
}

type KeychainPorts = Pick<Ports, 'cwd' | 'env' | 'signal'>;

const service = 'holdfast';
/** A keychain that is locked asks the person first; without a desktop nobody answers. */
const askedForMs = 60_000;

/** The keychain of this kind of system. `HOLDFAST_KEYCHAIN=none` leaves it out. */
export function keychainOf(ports: KeychainPorts, platform: NodeJS.Platform = process.platform): Keychain {
  if (ports.env.HOLDFAST_KEYCHAIN === 'none') return none;
  const run = (program: string, args: readonly string[], input = ''): Promise<ToolEnded | undefined> => {
    const signal = AbortSignal.any([ports.signal, AbortSignal.timeout(askedForMs)]);
    return runTool(program, args, input, { ...ports, signal }).catch((error: unknown) => {
      ports.signal.throwIfAborted();
      if (error instanceof Error && error.name === 'AbortError') return undefined;
      throw error;
    });
  };
  if (platform === 'darwin') return macKeychain(run);
  return platform === 'win32' ? windowsKeychain(run) : secretService(run);
}

type Run = (program: string, args: readonly string[], input?: string) => Promise<ToolEnded | undefined>;

const none: Keychain = {
  label: 'no keychain',
  read: async () => undefined,
  write: async () => false,
  remove: async () => false,
};

/** `secret-tool` of libsecret: GNOME Keyring, KWallet and others. */
function secretService(run: Run): Keychain {
  const of = (name: string) => ['service', service, 'target', name];
  const read = async (name: string) => {
    const ended = await run('secret-tool', ['lookup', ...of(name)]);
    return ended?.code === 0 && ended.stdout !== '' ? ended.stdout : undefined;
  };
  return {
    label: 'the keyring of this session (secret-tool)',
    read,
    async write(name, text) {
      const label = `--label=Holdfast: ${name}`;
      return (await run('secret-tool', ['store', label, ...of(name)], text))?.code === 0;
    },
    async remove(name) {
      if ((await read(name)) === undefined) return false;
      return (await run('secret-tool', ['clear', ...of(name)]))?.code === 0;
    },
  };
}

/** `security -i` reads its commands from standard input, so that no secret is an argument. `-X` takes hexadecimal, which needs no quotes. */
function macKeychain(run: Run): Keychain {
  return {
    label: 'the macOS keychain',
    async read(name) {
      const ended = await run('security', ['find-generic-password', '-s', service, '-a', name, '-w']);
      const text = ended?.code === 0 ? ended.stdout.replace(/\n$/, '') : undefined;
      return text === undefined ? undefined : fromBase64(text);
    },
    async write(name, text) {
      const hex = Buffer.from(toBase64(text)).toString('hex');
      const ended = await run(
        'security',
        ['-i'],
        `add-generic-password -U -s ${service} -a ${name} -X ${hex}\n`,
      );
      // Interactive mode ends with 0 even if the command failed.
      return ended?.code === 0 && (await this.read(name)) === text;
    },
    async remove(name) {
      return (await run('security', ['delete-generic-password', '-s', service, '-a', name]))?.code === 0;
    },
  };
}

/** The vault behind Windows Credential Manager, which only Windows PowerShell reaches without more to install. */
function windowsKeychain(run: Run): Keychain {
  const script = (body: string) => {
    const whole = `$ErrorActionPreference = 'Stop'
[void][Windows.Security.Credentials.PasswordVault, Windows.Security.Credentials, ContentType = WindowsRuntime]
$vault = New-Object Windows.Security.Credentials.PasswordVault
$name = [Console]::In.ReadLine()
${body}`;
    // Base64 of UTF-16: no quoting rule of any shell touches it. The secret is not in it.
    const encoded = Buffer.from(whole, 'utf16le').toString('base64');
    return ['-NoProfile', '-NonInteractive', '-EncodedCommand', encoded];
  };
  const ask = (body: string, input: string) => run('powershell.exe', script(body), input);
  return {
    label: 'Windows Credential Manager',
    async read(name) {
      const ended = await ask(
        `$found = $vault.Retrieve('${service}', $name)\n$found.RetrievePassword()\n[Console]::Out.Write($found.Password)`,
        `${name}\n`,
      );
      return ended?.code === 0 ? fromBase64(ended.stdout) : undefined;
    },
    async write(name, text) {
      const ended = await ask(
        `$secret = [Console]::In.ReadLine()\n$vault.Add((New-Object Windows.Security.Credentials.PasswordCredential('${service}', $name, $secret)))`,
        `${name}\n${toBase64(text)}\n`,
      );
      return ended?.code === 0;
    },
    async remove(name) {
      return (await ask(`$vault.Remove($vault.Retrieve('${service}', $name))`, `${name}\n`))?.code === 0;
    },
  };
}

/** Printable ASCII, which no console's encoding changes. */
const toBase64 = (text: string) => Buffer.from(text).toString('base64');
const fromBase64 = (text: string) => Buffer.from(text.trim(), 'base64').toString();
