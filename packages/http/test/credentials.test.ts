import { inspect } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { Credentials, parseAuth } from '../src/credentials.ts';
import { HttpClient } from '../src/http-client.ts';
import { authCommand } from '../src/node/auth-command.ts';
import { HttpServer, sendJson } from './http-server.ts';

const get = { method: 'GET', path: '/thing' } as const;

test('a text is a token, or a user and a password', () => {
  expect(parseAuth('abc.def')).toEqual({ bearer: 'abc.def' });
  expect(parseAuth('me:pass:word')).toEqual({ basic: { user: 'me', password: 'pass:word' } });
  for (const bad of ['', 'to ken', 'token\n', ':x', 'x:']) expect(() => parseAuth(bad)).toThrow(/expected/);
});

test('a function is asked once, and again after a 401', async () => {
  let given = 0;
  let valid = 'token-1';
  const server = await HttpServer.open((request, response) =>
    sendJson(
      response,
      { heard: request.headers.authorization },
      request.headers.authorization === `Bearer ${valid}` ? 200 : 401,
    ),
  );
  onTestFinished(() => server.close());
  const auth = () => ({ bearer: `token-${++given}` });
  const client = new HttpClient({ endpoints: [server.url], auth });
  await client.json(get);
  await client.json(get);
  expect(given).toBe(1);
  valid = 'token-2';
  await client.json(get);
  expect(given).toBe(2);
  valid = 'another';
  const refused = await client.json(get).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: 'unauthorized', status: 401 });
  expect(given).toBe(3);
  expect(inspect(refused, { depth: 9 })).not.toContain('token-');
});

test('a program prints them; what it prints shows nowhere', async () => {
  const node = (code: string) => authCommand(process.execPath, ['-e', code]);
  expect(await new Credentials(node("console.log('me:secret')")).header()).toBe(
    `Basic ${Buffer.from('me:secret').toString('base64')}`,
  );
  for (const code of ["console.log('hidden'); process.exit(3)", "console.log('hid den')", '']) {
    const error = await new Credentials(node(code)).header().catch((each: unknown) => each);
    expect(error).toMatchObject({ name: 'HttpError' });
    expect(inspect(error, { depth: 9 })).not.toMatch(/hid ?den/);
  }
  await expect(new Credentials(authCommand('/nowhere/program')).header()).rejects.toThrow(
    '/nowhere/program expected to print credentials, got ENOENT',
  );
});
