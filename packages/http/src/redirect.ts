import { HttpError } from './http-error.ts';

export const maxRedirects = 3;

/**
 * Where a redirect leads, within the site of the first address: public gateways redirect to a sub-domain for each CID. Anywhere
 * else, an answer could make this machine call whatever only it can reach.
 */
export function redirectTarget(first: URL, from: URL, location: string | undefined, label: string): URL {
  const refused = (what: string) =>
    new HttpError('bad-response', `${label}: redirected ${what}`, { endpoint: label });
  if (location === undefined || !URL.canParse(location, from)) throw refused('without an address');
  const to = new URL(location, from);
  const sameScheme = to.protocol === from.protocol || (from.protocol === 'http:' && to.protocol === 'https:');
  const sameHost = to.host === first.host || to.host.endsWith(`.${first.host}`);
  const upgraded =
    to.protocol === 'https:' && from.protocol === 'http:' && to.hostname === first.hostname && to.port === '';
  if (!sameScheme || !(sameHost || upgraded)) throw refused(`to another place, ${to.host}`);
  return to;
}
