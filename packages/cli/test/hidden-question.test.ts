import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { portsOf } from '../src/frame/terminal.ts';

test('a hidden question is shown once the echo is off: what answers at once is neither shown nor lost', async () => {
  const order: string[] = [];
  const stdin = Object.assign(new PassThrough(), {
    setRawMode: (raw: boolean) => order.push(raw ? 'echo off' : 'echo on'),
  });
  const stderr = { write: (text: string) => order.push(text) };
  const process = { stdin, stderr, stdout: stderr, env: {} } as unknown as typeof globalThis.process;
  const asked = portsOf(process, new AbortController().signal).stdin.ask('Password: ', { hidden: true });
  stdin.write('secret\r');
  expect(await asked).toBe('secret');
  expect(order).toEqual(['echo off', 'Password: ', 'echo on', '\n']);
});
