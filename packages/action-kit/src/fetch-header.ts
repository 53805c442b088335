import type { FetchHeader } from '@holdfast/repository';
import type { Runner } from './runner.ts';

/** Lets git fetch with the token if the clone keeps no credentials, only from the server that the runner names. */
export function fetchHeader(runner: Runner, token: string | undefined): FetchHeader | undefined {
  if (!token) return undefined;
  const server = runner.environment.GITHUB_SERVER_URL || 'https://github.com';
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
  runner.mask(basic);
  return { url: `${server.replace(/\/+$/, '')}/`, value: `AUTHORIZATION: basic ${basic}` };
}
