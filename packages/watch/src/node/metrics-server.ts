import { createServer } from 'node:http';
import { listening } from '@holdfast/http/node';

export interface MetricsServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves the metrics, and nothing else, under `/metrics`. */
export async function serveMetrics(host: string, port: number, text: () => string): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (!isRead || new URL(request.url ?? '/', 'http://metrics').pathname !== '/metrics') {
      response
        .writeHead(isRead ? 404 : 405, { 'content-type': 'text/plain' })
        .end('metrics are at /metrics\n');
      return;
    }
    response.writeHead(200, { 'content-type': 'application/openmetrics-text; version=1.0.0; charset=utf-8' });
    response.end(request.method === 'HEAD' ? undefined : text());
  });
  const { origin, close } = await listening(server, host, port);
  return { url: `${origin}/metrics`, close };
}
