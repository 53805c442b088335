import type { CidResult } from '@holdfast/pinning';

/** What a person can do about copies that are missing, by what stands in their way; the most telling comes first. */
export function adviceFor(result: CidResult): string | undefined {
  if (result.outcome === 'satisfied' && result.error === undefined) return undefined;
  switch (result.error?.code) {
    case 'unauthorized':
      return 'Check `cluster-auth` (or the credentials of your target): a bearer token, or `user:password`, that may pin.';
    case 'not-enough-peers':
      return 'Add peers, free space on them, or ask for a lower tier. Nothing was pinned short; a later run tries again.';
    case 'unavailable':
    case 'timeout':
    case 'truncated':
      return 'See whether the target is up and reachable from the runner, then run again: it goes on where it stopped.';
    case 'aborted':
      return 'Run again: it goes on where it stopped.';
    case undefined:
      break;
    default:
      return 'The target will not do this as asked; its message above says why.';
  }
  if (result.step === 'conflict') {
    return 'Others pinned this content with fewer copies, and their pins are never changed. Ask them to raise it.';
  }
  if (result.coverage?.missing === '') return 'Run again: it goes on where it stopped.';
  const peers = result.coverage?.peers ?? [];
  const has = (holds: (peer: (typeof peers)[number]) => boolean) => peers.some(holds);
  if (has(({ why }) => why.startsWith('content not found'))) {
    return 'No peer can find the content. Run `holdfast publish` on the machine that has it, or name a node that has it in `origins`, then run again.';
  }
  if (has(({ state }) => state === 'down')) {
    return 'Bring the peer back, or take it out of the cluster; the scheduled run then makes the missing copies.';
  }
  if (has(({ state }) => state === 'error')) return "See the peer's own log for its error, then run again.";
  if (has(({ state }) => state === 'pinning' || state === 'queued')) {
    return 'The cluster goes on by itself. If the content is large, give `timeout` more; if no node offers it, run `holdfast publish`. A later run checks again.';
  }
  const { coverage } = result;
  if (coverage !== undefined && coverage.copies >= coverage.wanted.min) {
    return 'Add peers in other regions, or give those there their `region` tag; a later run spreads the copies.';
  }
  return 'Add peers, or ask for a lower tier; a later run makes the missing copies.';
}
