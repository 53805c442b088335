import { summary } from '@actions/core';

/** Until it is disposed of, this process is as the runner starts an action: its environment, and who reads standard output. */
export function asAction(
  environment: Readonly<Record<string, string | undefined>>,
  write: (text: string) => void,
): Disposable {
  const { env, stdout } = process;
  const print = stdout.write;
  process.env = { ...environment };
  stdout.write = (text: string | Uint8Array) => {
    write(String(text));
    return true;
  };
  // The toolkit keeps the file of the first summary for as long as the process lives.
  Reflect.set(summary, '_filePath', undefined);
  return {
    [Symbol.dispose]() {
      process.env = env;
      stdout.write = print;
    },
  };
}
