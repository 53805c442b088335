/** A peer that is said to have a CID. */
export interface Provider {
  /** Its peer ID, in base58 as nodes write it. */
  readonly id: string;
  /** Multiaddresses, as far as the router tells them. */
  readonly addresses: readonly string[];
}

const most = 1_000;

/** Those in an answer of `/routing/v1/providers`. What is not a provider is left out: a router may say more than we ask. */
export function providersIn(text: string, isLines: boolean): readonly Provider[] {
  const records = isLines ? text.split('\n').map(parsed) : listIn(parsed(text));
  return records
    .flatMap((record) => {
      const { ID: id, Addrs: addresses } = Object(record) as { ID?: unknown; Addrs?: unknown };
      if (typeof id !== 'string' || !/^[1-9A-HJ-NP-Za-km-z]{40,64}$|^k[0-9a-z]{50,70}$/.test(id)) return [];
      const list = Array.isArray(addresses) ? addresses : [];
      return [{ id, addresses: list.filter((each) => typeof each === 'string' && each.startsWith('/')) }];
    })
    .slice(0, most);
}

function listIn(answer: unknown): readonly unknown[] {
  const { Providers: list } = Object(answer) as { Providers?: unknown };
  return Array.isArray(list) ? list : [];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
