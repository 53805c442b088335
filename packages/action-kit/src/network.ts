import { getOctokit } from '@actions/github';
import { defaults } from '@actions/github/lib/utils';

export type Octokit = ReturnType<typeof getOctokit>;

const maxBytes = 32 << 20;
// Octokit would print on the console what it finds deprecated.
const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** GitHub's own client for actions, with its proxies. Bundles keep this file apart: it is large, and most runs never need it. */
export function openOctokit(token: string, baseUrl: string): Octokit {
  return getOctokit(token, {
    baseUrl,
    userAgent: 'holdfast',
    log: silent,
    request: { fetch: bounded(defaults.request?.fetch ?? fetch), log: silent },
  });
}

/** Reads the whole answer, so that a deadline covers it, and never more than the limit. GitHub's API answers with JSON, whatever it says. */
function bounded(send: typeof fetch): typeof fetch {
  return async (url, init) => {
    const response = await send(url, init);
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of response.body ?? []) {
      size += chunk.length;
      if (size > maxBytes) throw new RangeError('the answer is too large');
      chunks.push(chunk);
    }
    const headers = new Headers([...response.headers]);
    headers.set('content-type', 'application/json');
    return new Response(size === 0 ? null : Buffer.concat(chunks), { status: response.status, headers });
  };
}
