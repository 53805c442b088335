import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

// Below the range the system hands out to outgoing connections, so that a stopped engine finds its port free again.
const lowest = 20_000;
const highest = 31_999;

/** Ports of 127.0.0.1 that nothing listens on. They stay this run's, stopped engines included, as long as its folder exists. */
export async function takePorts(count: number, runFolder: string): Promise<number[]> {
  const ports: number[] = [];
  for (let tries = 0; ports.length < count; tries++) {
    if (tries > 5_000) throw new Error(`no ${count} free ports between ${lowest} and ${highest}`);
    const port = lowest + Math.floor(Math.random() * (highest - lowest + 1));
    if (!reserve(port, runFolder)) continue;
    if (await isFree(port)) ports.push(port);
  }
  return ports;
}

function reserve(port: number, runFolder: string): boolean {
  const folder = join(tmpdir(), `holdfast-ports-${userInfo().username}`);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, String(port));
  try {
    writeFileSync(file, runFolder, { flag: 'wx' });
    return true;
  } catch {
    if (!isStale(file)) return false;
  }
  rmSync(file, { force: true });
  return false;
}

function isStale(file: string): boolean {
  try {
    return !existsSync(readFileSync(file, 'utf8'));
  } catch {
    return false;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen(port, '127.0.0.1', () => server.close(() => done(true)));
  });
}
