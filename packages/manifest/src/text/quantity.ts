const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** Decimal units, as on disks and in policies: `48.2 kB`. */
export function bytes(count: number): string {
  let value = count;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** `2`, `2 to 3`. */
export function range({ min, max }: { readonly min: number; readonly max: number }): string {
  return min === max ? `${max}` : `${min} to ${max}`;
}

/** `1 copy`, `2 to 3 copies`. */
export function copies(wanted: { readonly min: number; readonly max: number }): string {
  return `${range(wanted)} ${wanted.max === 1 ? 'copy' : 'copies'}`;
}

/** `1 file`, `2,000 files`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toString().replace(/\B(?=(\d{3})+$)/g, ',')} ${number === 1 ? one : many}`;
}
