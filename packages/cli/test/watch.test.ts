// @module-tag slow
import { createHmac } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunOptions, type Sandbox, sandbox } from './support/holdfast.ts';
import { expectOk, git, initialized, signedTides } from './support/repository.ts';

const places = ['--local', 'copies/oslo', '--local', 'copies/lisbon'];
let box: Sandbox;
const received: { headers: Record<string, unknown>; body: string }[] = [];
const receiver = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  received.push({ headers: request.headers, body });
  response.writeHead(204).end();
});

beforeAll(async () => {
  box = await sandbox();
  await initialized(box);
  const manifest = await signedTides(box);
  await expectOk(box, ['publish', 'data', '--manifest', manifest, ...places]);
  await git(box, 'add', '.');
  await git(box, 'commit', '-q', '-m', 'Add tides');
  await expectOk(box, ['pin', ...places]);
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  receiver.close();
  await box[Symbol.asyncDispose]();
});

const url = () => `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hooks/holdfast`;
const secret = `whsec_${Buffer.from('a secret of this test').toString('base64')}`;
const round = (args: readonly string[] = [], options?: RunOptions) =>
  box.run(['watch', '--once', ...places, '--on-incident', 'cat >> alerts.jsonl', ...args], options);

describe('holdfast watch', () => {
  it('tells once of a loss, and once of its end', async () => {
    expect(await round()).toMatchObject({ code: 0, stdout: expect.stringContaining('1 dataset healthy') });
    await rm(box.path('copies/oslo'), { recursive: true });
    await rm(box.path('copies/lisbon'), { recursive: true });
    const hook = ['--webhook', url()];
    const lost = await round(hook, { env: { HOLDFAST_WEBHOOK_SECRET: secret } });
    expect(lost).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('0 of 2 copies: lost the copies on'),
    });
    await round();
    expect(`${lost.stdout}${lost.stderr}`).not.toContain(secret);

    await expectOk(box, ['publish', 'data', '--manifest', 'manifests/tides-v1.0.0.json', ...places]);
    await expectOk(box, ['heal', ...places]);
    expect(await round()).toMatchObject({ code: 0, stdout: expect.stringContaining('is well again after') });

    const alerts = (await readFile(box.path('alerts.jsonl'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(alerts.map(({ type }) => type)).toEqual(['incident.opened', 'incident.closed']);
    expect(alerts[1].data.fixedBy).toContain('copies on');

    const [{ headers, body } = { headers: {}, body: '' }] = received;
    expect(received).toHaveLength(1);
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    const expected = createHmac('sha256', 'a secret of this test').update(signed).digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${expected}`);
    expect(JSON.parse(body)).toMatchObject({
      type: 'incident.opened',
      data: { kind: 'dataset', id: 'tides@1.0.0' },
    });
  });

  it('notes a receiver that fails, and ends no round for it', async () => {
    await rm(box.path('copies/oslo'), { recursive: true });
    await rm(box.path('copies/lisbon'), { recursive: true });
    const { code, stderr } = await box.run([
      'watch',
      '--once',
      ...places,
      '--history',
      'other',
      '--on-incident',
      'echo no >&2; exit 4',
    ]);
    expect(code).toBe(1);
    expect(stderr).toContain('--on-incident: ended with 4: no');
  });

  it('goes on in rounds, serves metrics, and ends with Ctrl-C', async () => {
    let text = '';
    const seen = new Promise<string>((resolve) => {
      void box.run(
        ['watch', '--every', '200ms', ...places, '--metrics', '127.0.0.1:0', '--history', 'served'],
        {
          onStderr: (all, kill) => {
            const address = /metrics: (\S+)/.exec(all)?.[1];
            if (address === undefined || all.split('\n').length < 5 || text !== '') return;
            text = 'asked';
            void fetch(address).then(async (response) => {
              resolve(`${response.headers.get('content-type')}\n${await response.text()}`);
              kill('SIGINT');
            });
          },
        },
      );
    });
    const metrics = await seen;
    expect(metrics).toContain('application/openmetrics-text');
    expect(metrics).toContain('holdfast_dataset_copies_wanted{dataset="tides@1.0.0"} 2');
    expect(metrics.trimEnd().endsWith('# EOF')).toBe(true);
  });

  it.each([
    ['no time', ['--every', '5'], '--every expects a time such as 90s'],
    ['no port', ['--metrics', '9464'], '--metrics expects HOST:PORT'],
    ['no secret', ['--webhook', 'http://127.0.0.1:1/'], 'HOLDFAST_WEBHOOK_SECRET is not set'],
    ['a secret in an address', ['--webhook', 'https://a:b@example.org/'], 'holds a user or password'],
  ])('%s: says what to do', async (_, args, message) => {
    const { code, stderr } = await box.run(['watch', '--once', ...places, ...args]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
  });

  it('writes down that the target could not be asked', async () => {
    const { code, stdout } = await box.run([
      'watch',
      '--once',
      '--cluster-url',
      'http://127.0.0.1:1',
      '--history',
      'unreachable',
      '--timeout',
      '2s',
    ]);
    expect(code).toBe(3);
    expect(stdout).toContain('127.0.0.1:1');
  });
});
