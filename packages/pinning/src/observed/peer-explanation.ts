import type { PeerCopy, PeerState } from '../target/pin-state.ts';

/** One peer's part in a CID, in words. */
export interface PeerExplanation {
  readonly peer: string;
  /** The peer ID of the IPFS node that has the blocks. */
  readonly node?: string;
  readonly name?: string;
  readonly region?: string;
  readonly state: PeerState;
  /** For people, for example `pinning for 40 s` or `content not found: …`. */
  readonly why: string;
}

const notFound =
  /context deadline exceeded|not found|no providers|could not find|timed? ?out|context canceled/i;

export function explainPeer(copy: PeerCopy, now: number): PeerExplanation {
  const { peer, node, name, region, state } = copy;
  return {
    peer,
    ...(node !== undefined && { node }),
    ...(name !== undefined && name !== '' && { name }),
    ...(region !== undefined && { region }),
    state,
    why: why(copy, now),
  };
}

function why({ state, since, error }: PeerCopy, now: number): string {
  const said = error === undefined || error === '' ? '' : `: ${error}`;
  switch (state) {
    case 'pinned':
      return 'pinned';
    case 'refuted':
      return `says that it has a copy, and could not show it${said}`;
    case 'queued':
      return `queued${lasting(since, now)}${said}`;
    case 'pinning':
      return `pinning${lasting(since, now)}${said}`;
    case 'unpinning':
      return `unpinning${lasting(since, now)}`;
    case 'error':
      return notFound.test(error ?? '') ? `content not found${said}` : `failed${said}`;
    case 'down':
      return `peer down${said}`;
    case 'absent':
      return 'asked to hold it, and has not heard of it';
  }
}

/** A peer whose clock runs ahead must not be said to have worked for less than no time. */
function lasting(since: string | undefined, now: number): string {
  const began = since === undefined ? Number.NaN : Date.parse(since);
  if (Number.isNaN(began) || began <= 0) return '';
  return ` for ${Math.max(0, Math.round((now - began) / 1000))} s`;
}
