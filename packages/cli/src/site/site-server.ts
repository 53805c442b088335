import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { listening } from '@holdfast/http/node';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.jsonld': 'application/ld+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.xml': 'application/xml; charset=utf-8',
};

export interface SiteServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves a folder, to look at a site before it is published. */
export async function serveSite(folder: string, host: string, port: number): Promise<SiteServer> {
  const server = createServer(async (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
      return;
    }
    const found = await fileOf(folder, request.url ?? '/').catch(() => undefined);
    if (found === undefined) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('not found\n');
      return;
    }
    if (found.redirect !== undefined) {
      response.writeHead(302, { location: found.redirect }).end();
      return;
    }
    response.writeHead(200, {
      'content-type': types[extname(found.path)] ?? 'text/plain; charset=utf-8',
      'content-length': found.size,
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
    });
    if (request.method === 'HEAD') response.end();
    else
      createReadStream(found.path)
        .on('error', () => response.destroy())
        .pipe(response);
  });
  const { origin, close } = await listening(server, host, port);
  return { url: `${origin}/`, close };
}

interface Found {
  readonly path: string;
  readonly size: number;
  readonly redirect?: string;
}

/** Undefined: there is no such file, or the address leads out of the folder. */
async function fileOf(folder: string, url: string): Promise<Found | undefined> {
  const path = decodeURIComponent(url.split(/[?#]/)[0] ?? '/');
  if (path.includes('\0')) return undefined;
  const place = normalize(join(folder, path));
  if (place !== folder && !place.startsWith(folder + sep)) return undefined;
  const found = await stat(place);
  if (found.isFile()) return { path: place, size: found.size };
  if (!found.isDirectory()) return undefined;
  if (!path.endsWith('/'))
    return { path: place, size: 0, redirect: `${encodeURI(path.replace(/^\/+/, '/'))}/` };
  const index = join(place, 'index.html');
  return { path: index, size: (await stat(index)).size };
}
