import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { describe, expect, it } from 'vitest';
import { sandbox } from './support/holdfast.ts';
import { initialized, signedTides } from './support/repository.ts';

async function listening(server: Server): Promise<AsyncDisposable & { readonly port: number }> {
  const open = new Set<{ destroy(): void }>();
  server.on('connection', (socket) => open.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const targets = ['--cluster-url', '--kubo-url', '--pinning-service'] as const;
const env = { PINNING_SERVICE_TOKEN: 'token' };

describe('a mistake in the address of a target', { tags: ['slow'] }, () => {
  it.each(targets)('%s https:// of an http:// port: says so and is not tried again', async (flag) => {
    await using box = await sandbox();
    await initialized(box);
    await signedTides(box);
    await using server = await listening(createHttpServer((_, response) => response.end('{}')));
    const address = `https://127.0.0.1:${server.port}`;
    const { code, stderr } = await box.run(['status', 'manifests/tides-v1.0.0.json', flag, address], { env });
    expect(code).toBe(3);
    expect(stderr).toContain(
      `${address}: the server does not speak TLS; try http://127.0.0.1:${server.port}`,
    );
    expect(stderr).not.toContain('retrying');
  });

  it.each(targets)('%s with a host that does not exist: says so and is not tried again', async (flag) => {
    await using box = await sandbox();
    await initialized(box);
    await signedTides(box);
    // A label of 64 letters: no resolver is asked for it.
    const address = `https://${'x'.repeat(64)}.example`;
    const { code, stderr } = await box.run(['status', 'manifests/tides-v1.0.0.json', flag, address], { env });
    expect(code).toBe(3);
    expect(stderr).toContain('does not exist; is the name right?');
    expect(stderr).not.toContain('retrying');
  });

  it.each([
    ['status', '--everything', '--cluster-url'],
    ['fetch', 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi', '--gateway'],
  ])('%s says within seconds that it waits for a server that is silent', async (...args) => {
    await using box = await sandbox();
    await using server = await listening(createServer(() => {}));
    const address = `http://127.0.0.1:${server.port}`;
    const ended = await box.run([...args, address], {
      onStderr: (text, kill) => {
        if (text.includes('waiting')) kill('SIGTERM');
      },
    });
    expect(ended.stderr).toMatch(new RegExp(`^waiting [23] seconds: .*${address}`));
  });
});
