/** `2`, `2 to 3`. */
export function wantedText({ min, max }: { readonly min: number; readonly max: number }): string {
  return min === max ? `${min}` : `${min} to ${max}`;
}
