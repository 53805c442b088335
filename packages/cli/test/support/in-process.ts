import { dispatch } from '../../src/command-line.ts';
import type { Output } from '../../src/frame/ports.ts';

const before = process.cwd();

/** `holdfast` in the test's own process, with pipes for its streams: what `main.ts` does, without a Node to start. */
export async function inProcess(
  args: readonly string[],
  world: { readonly cwd: string; readonly env: Readonly<Record<string, string>>; readonly input: string },
): Promise<{ code: number; stdout: string; stderr: string }> {
  const written = { stdout: '', stderr: '' };
  const pipe = (name: keyof typeof written): Output => ({
    isTTY: false,
    columns: 80,
    write: (text) => {
      written[name] += text;
    },
  });
  process.chdir(world.cwd);
  const code = await dispatch(args, {
    stdin: {
      isTTY: false,
      ask: () => Promise.reject(new Error('the input ended before an answer')),
      read: async () => Buffer.from(world.input),
    },
    stdout: pipe('stdout'),
    stderr: pipe('stderr'),
    env: world.env,
    cwd: world.cwd,
    clock: () => new Date(),
    signal: new AbortController().signal,
  }).finally(() => process.chdir(before));
  return { code, ...written };
}
