const units: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  PB: 1e15,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
  PiB: 2 ** 50,
};

export const byteSizePattern = '^[0-9]{1,15}(?:\\.[0-9]{1,3})? ?(?:B|kB|KB|MB|GB|TB|PB|KiB|MiB|GiB|TiB|PiB)$';

/** "2TB" as a number of bytes; undefined if it is not a size or not a safe integer. */
export function parseByteSize(text: string): number | undefined {
  const match = /^([0-9]{1,15}(?:\.[0-9]{1,3})?) ?([kKMGTP]?i?B)$/.exec(text);
  const unit = units[match?.[2] ?? ''];
  if (match === null || unit === undefined) return undefined;
  const bytes = Math.round(Number(match[1]) * unit);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

export function formatByteSize(bytes: number): string {
  for (const unit of ['PB', 'TB', 'GB', 'MB', 'kB']) {
    const size = bytes / (units[unit] ?? 1);
    if (size >= 1) return `${Number(size.toFixed(2))} ${unit}`;
  }
  return `${bytes} B`;
}
