import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { sandbox } from './support/holdfast.ts';
import { createArgs, initialized, signedTides, unsignedTides } from './support/repository.ts';
import { onTerminal } from './support/terminal.ts';

describe('on a terminal', { tags: ['slow'] }, () => {
  it('create asks for what is missing, suggests, and checks each answer at once', async () => {
    await using box = await sandbox();
    await box.write({ 'North Sea/1990.csv': 'a\n' });
    const { code, stdout } = await onTerminal(
      box,
      ['create', 'North Sea'],
      [
        { when: 'Name [north-sea]: ', type: 'North Sea\n' },
        { when: 'that begins with a letter or digit', type: '' },
        { when: 'Name [north-sea]: ', type: '\n' },
        { when: 'Version [1.0.0]: ', type: '1.0\n' },
        { when: 'expected a version by SemVer such as 1.2.0', type: '' },
        { when: 'Version [1.0.0]: ', type: '\n' },
        { when: 'in one sentence: ', type: 'Tide gauges\n' },
        { when: 'Tier (critical, important, standard, ephemeral) [standard]: ', type: 'improtant\n' },
        { when: 'did you mean important?', type: '' },
        { when: ': ', type: 'important\n' },
        { when: 'for example CC-BY-4.0, CC0-1.0, CC-BY-SA-4.0, ODbL-1.0; empty for none: ', type: 'CC-BY\n' },
        { when: 'did you mean CC-BY-4.0 or CC-BY-3.0?', type: '' },
        { when: 'empty for none: ', type: 'CC-BY-4.0\n' },
      ],
    );
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('wrote') });
    const { dataset } = JSON.parse(await readFile(box.path('manifests/north-sea-v1.0.0.json'), 'utf8'));
    expect(dataset).toMatchObject({
      name: 'north-sea',
      tier: 'important',
      description: 'Tide gauges',
      license: 'CC-BY-4.0',
    });
  });

  it('create asks before hidden files go in', async () => {
    await using box = await sandbox();
    await box.write({ 'data/a': 'a', 'data/.env': 'TOKEN=1' });
    const when = 'Include them? [y/N]: ';
    const no = await onTerminal(box, createArgs(), [{ when, type: '\n' }]);
    expect(no).toMatchObject({ code: 2, stdout: expect.stringContaining('.env') });
    expect((await onTerminal(box, createArgs(), [{ when, type: 'y\n' }])).code).toBe(0);
  });

  it('keygen asks for a new password twice and shows nothing of it; sign asks until it fits', async () => {
    await using box = await sandbox();
    const made = await onTerminal(
      box,
      ['keygen', 'alice', '--password'],
      [
        { when: 'Password for the new key: ', type: 'correct horse\r' },
        { when: 'Repeat the password: ', type: 'correct house\r' },
        { when: 'the passwords differ', type: '' },
        { when: 'Password for the new key: ', type: 'correct horsf\u007fe\r' },
        { when: 'Repeat the password: ', type: 'correct horse\r' },
      ],
    );
    expect({ code: made.code, shown: made.stdout.includes('horse') }).toEqual({ code: 0, shown: false });
    const signed = await onTerminal(
      box,
      ['sign', await unsignedTides(box)],
      [
        { when: 'Password for', type: 'wrong one\r' },
        { when: 'wrong password', type: '' },
        { when: 'Password for', type: 'correct horse\r' },
      ],
    );
    expect({ code: signed.code, shown: /horse|wrong one/.test(signed.stdout) }).toEqual({
      code: 0,
      shown: false,
    });
    expect(signed.stdout).toContain('as alice');
  });

  it('Ctrl-C at a question stops, says so, and leaves the terminal as it was', async () => {
    await using box = await sandbox();
    await box.write({ 'data/a': 'a' });
    for (const args of [
      ['create', 'data'],
      ['keygen', 'alice', '--password'],
    ]) {
      const when = args[0] === 'create' ? 'Name [data]: ' : 'Password for the new key: ';
      const { code, stdout } = await onTerminal(box, args, [{ when, type: '\u0003' }]);
      expect({ code, said: stdout.includes('stopped') }).toEqual({ code: 130, said: true });
    }
  });

  it('Ctrl-D at a question is an answer that is missing, not a fault of holdfast', async () => {
    await using box = await sandbox();
    await box.write({ 'data/a': 'a' });
    for (const [when, args] of [
      ['Name [data]: ', ['create', 'data']],
      ['Password for the new key: ', ['keygen', 'alice', '--password']],
    ] as const) {
      const { code, stdout } = await onTerminal(box, args, [{ when, type: '\u0004' }]);
      expect({ code, stdout }).toEqual({
        code: 2,
        stdout: expect.stringMatching(/\n.*the input ended before an answer/),
      });
    }
  });

  it('a password is what was typed, without arrows and without what Ctrl-U took back', async () => {
    await using box = await sandbox();
    const made = await onTerminal(
      box,
      ['keygen', 'alice', '--password'],
      [
        { when: 'Password for the new key: ', type: 'wrong\u0015cor\u001b[Drect\u001bOA\r' },
        { when: 'Repeat the password: ', type: 'correct\r' },
      ],
    );
    expect(made.code).toBe(0);
    const signed = await box.run(['sign', await unsignedTides(box)], {
      env: { HOLDFAST_PASSWORD: 'correct' },
    });
    expect(signed.code).toBe(0);
  });

  it('colours and draws bars, which --quiet, NO_COLOR and --json leave out', async () => {
    await using box = await sandbox();
    await box.write({ 'data/a': 'a' });
    expect((await onTerminal(box, ['cid', 'data'])).stdout).toMatch(/[░█].*hashing \d of 1 files/s);
    expect((await onTerminal(box, ['--help'])).stdout).toContain('\x1b[1m');
    expect((await onTerminal(box, ['--help'], [], { NO_COLOR: '1' })).stdout).not.toContain('\x1b');
    expect((await onTerminal(box, ['cid', 'data', '--quiet'])).stdout).toMatch(/^baf[a-z2-7]+\r\n$/);
    expect((await onTerminal(box, ['cid', 'data', '--json'])).stdout).not.toContain('\x1b');
  });
});

describe('Ctrl-C', { tags: ['slow'] }, () => {
  /** A cluster that takes a connection and never answers. */
  async function silence(onRequest: () => void) {
    const server = createServer(onRequest);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      [Symbol.dispose]: () => {
        server.closeAllConnections();
        server.close();
      },
    };
  }

  it.each([
    ['pin', 'SIGINT', 130, 'finished pins stay; run the same command again for the rest'],
    ['pin', 'SIGTERM', 143, 'finished pins stay; run the same command again for the rest'],
    ['heal', 'SIGINT', 130, 'finished repairs stay; run the same command again for the rest'],
    ['status', 'SIGINT', 130, 'run the same command again'],
  ] as const)(
    'stops %s on %s while it waits for the network, and says how to go on',
    async (command, signal, exit, hint) => {
      await using box = await sandbox();
      await initialized(box);
      const file = await signedTides(box);
      let interrupt = () => {};
      using server = await silence(() => interrupt());
      const { code, stdout, stderr } = await box.run([command, file, '--cluster-url', server.url], {
        onStart: (kill) => {
          interrupt = () => kill(signal);
        },
      });
      expect({ code, stdout }).toEqual({ code: exit, stdout: '' });
      expect(stderr).toContain('holdfast: stopped');
      expect(stderr).toContain(hint);
    },
  );

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    'stops hashing on %s without leaving a manifest, and tells a program as JSON',
    async (signal, exit) => {
      await using box = await sandbox();
      await box.write({ 'data/big': new Uint8Array(400_000_000) });
      let sent = false;
      const { code, document } = await box.json(createArgs({ name: 'a' }), {
        onStderr: (_, kill) => {
          if (!sent) kill(signal);
          sent = true;
        },
      });
      expect({ sent, code }).toEqual({ sent: true, code: exit });
      expect(document).toMatchObject({
        ok: false,
        exitCode: exit,
        error: { code: 'interrupted', hint: expect.stringContaining('nothing was written') },
      });
      expect((await box.run(['inspect', 'manifests/a-v1.0.0.json'])).code).toBe(2);
    },
  );
});
