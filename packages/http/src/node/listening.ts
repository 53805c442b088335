import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Listening {
  /** For example `http://127.0.0.1:9464`: the port is the one that was taken. */
  readonly origin: string;
  /** Closes the port and every connection. */
  close(): Promise<void>;
}

/** Waits until a server listens. */
export async function listening(server: Server, host: string, port: number): Promise<Listening> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const { address, port: taken, family } = server.address() as AddressInfo;
  return {
    origin: `http://${family === 'IPv6' ? `[${address}]` : address}:${taken}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
