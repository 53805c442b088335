/** The value of an option that bounds something. One that is not a number would bound nothing: each comparison with it is false. */
export function limitOf(option: string, value: number | undefined, otherwise: number, least = 0): number {
  if (value === undefined) return otherwise;
  if (typeof value === 'number' && value >= least) return value;
  throw new RangeError(`"${option}" expected a number from ${least}, got ${value}`);
}
