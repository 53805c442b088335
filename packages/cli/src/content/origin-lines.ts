import { bytes, count, escapeText } from '@holdfast/manifest/text';
import type { GatewayReport } from '@holdfast/retrieval';

/** Which source gave what, and what went wrong; of a lone source there is nothing to tell. */
export function originLines(origins: readonly GatewayReport[]): string {
  if (origins.length < 2) return '';
  return origins
    .filter(({ blocks, faults }) => blocks > 0 || faults > 0)
    .map((origin) => {
      const gave = `${count(origin.blocks, 'block')} (${bytes(origin.bytes)})`;
      const failed = origin.lastFault === undefined ? '' : `; ${escapeText(origin.lastFault)}`;
      return `\n  ${origin.source}: ${gave}${failed}`;
    })
    .join('');
}
