import { escapeText } from '@holdfast/manifest/text';
import { Misuse } from './misuse.ts';

const unit = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** `90s`, `20m` or `2h`, in milliseconds. */
export function durationOf(flag: string, text: string): number {
  const [, number = '', name = ''] = /^(\d{1,9})(ms|s|m|h)$/.exec(text) ?? [];
  if (number === '' || Number(number) === 0) {
    throw new Misuse(`--${flag} expects a time such as 90s, 20m or 2h, got "${escapeText(text)}"`);
  }
  return Number(number) * unit[name as keyof typeof unit];
}

/** A whole number between two others. */
export function numberOf(flag: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw new Misuse(`--${flag} expects a number from ${least} to ${most}, got "${escapeText(text)}"`);
  }
  return value;
}
