import type { PinRequest } from '../src/desired/request.ts';

export const owner = 'github.com/tides/data';

export function request(cid: string, changes: Partial<PinRequest> = {}): PinRequest {
  return {
    cid,
    id: `${cid}@1.0.0`,
    owner,
    name: `dataset ${cid}`,
    copies: { min: 2, max: 3, regions: 0, spread: 'where-tagged' },
    ...changes,
  };
}

export function copies(min: number, max: number, regions = 0): PinRequest['copies'] {
  return { min, max, regions, spread: 'where-tagged' };
}

export function peers(count: number, regions: readonly string[] = []): { id: string; region?: string }[] {
  return Array.from({ length: count }, (_, index) => {
    const region = regions[index % Math.max(1, regions.length)];
    return { id: `peer-${index}`, ...(region !== undefined && { region }) };
  });
}
