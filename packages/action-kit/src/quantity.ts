import { count } from '@holdfast/manifest/text';

/** `2 copies`, `2 to 3 copies`. */
export function copies({ min, max }: { readonly min: number; readonly max: number }): string {
  return min === max ? count(max, 'copy', 'copies') : `${min} to ${count(max, 'copy', 'copies')}`;
}
