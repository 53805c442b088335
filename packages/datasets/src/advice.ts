import type { CidResult } from '@holdfast/pinning';

/** What a person can do about copies that are missing, by what stands in their way; the most telling comes first. */
export function adviceFor(result: CidResult): string | undefined {
  if (result.outcome === 'satisfied' && result.error === undefined) return undefined;
  switch (result.error?.code) {
    case 'unauthorized':
      return 'Check `cluster-auth` (or the credentials of your target): a bearer token, or `user:password`, that may pin.';
    case 'not-enough-peers':
      return 'Add peers, free space on them, or ask for a lower tier. Nothing was pinned with too few copies; a later run tries again.';
    case 'unavailable':
    case 'timeout':
    case 'truncated':
      return 'Check that the target is up and that the runner can reach it, then run again: it continues where it stopped.';
    case 'aborted':
      return 'Run again: it continues where it stopped.';
    case undefined:
      break;
    default:
      return 'The target refused; its message above says why.';
  }
  if (result.step === 'conflict') {
    return 'Somebody else pinned this content with fewer copies, and pins of others are never changed. Ask them to raise it.';
  }
  if (result.coverage?.missing === '') return 'Run again: it continues where it stopped.';
  const peers = result.coverage?.peers ?? [];
  const has = (holds: (peer: (typeof peers)[number]) => boolean) => peers.some(holds);
  if (has(({ why }) => why.startsWith('content not found'))) {
    return 'No peer can find the content. Run `holdfast publish` on the machine that has it, or name a node that has it in `origins`, then run again.';
  }
  if (has(({ state }) => state === 'refuted'))
    return 'A peer says pinned and could not show its copy. Add a peer to take another one, or see to the node: `ipfs repo verify --heal` there replaces what is damaged.';
  if (has(({ state }) => state === 'absent')) {
    return 'Peers of the cluster have not heard of the pin. Name the addresses of several peers in `cluster-url`, then run again: it is written through each of them.';
  }
  if (has(({ state }) => state === 'down')) {
    return 'Start the peer again, or remove it from the cluster; the scheduled run then makes the missing copies.';
  }
  if (has(({ state }) => state === 'error')) return "Look at the peer's log for its error, then run again.";
  if (has(({ state }) => state === 'queued')) {
    return 'Its peers fetch other content first: each fetches only so many CIDs at a time (`concurrent_pins`, 10 by default), and content that no node has keeps its place for minutes. Run `holdfast publish` for datasets whose content is not found, or raise `concurrent_pins`; then run again.';
  }
  if (has(({ state }) => state === 'pinning')) {
    return 'The cluster continues by itself. If the content is large, raise `timeout`; if no node has it, run `holdfast publish`. A later run checks again.';
  }
  const { coverage } = result;
  if (coverage !== undefined && coverage.copies >= coverage.wanted.min) {
    return 'Add peers in other regions, or set the `region` tag of those you have; a later run spreads the copies.';
  }
  return 'Add peers, or ask for a lower tier; a later run makes the missing copies.';
}
