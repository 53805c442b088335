export const dayMs = 86_400_000;

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (number: number) => String(number).padStart(2, '0');

/** "27 Nov 2026". */
export function dayText(at: number): string {
  const date = new Date(at);
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

/** "27 Nov 2026, 17:40 UTC". */
export function timeText(at: number): string {
  const date = new Date(at);
  return `${dayText(at)}, ${two(date.getUTCHours())}:${two(date.getUTCMinutes())} UTC`;
}

/** To the second: a machine compares it. */
export const isoTime = (at: number): string => new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');

/** "99.98 %", never rounded up: 100 % is when nothing was missing at all. */
export function shareText(share: number | undefined): string {
  if (share === undefined) return '–';
  const percent = Math.floor(share * 10_000 + 1e-6) / 100;
  return `${percent} %`;
}

/** "3 h 12 min". */
export function durationText(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1) return `${Math.max(1, Math.round(ms / 1000))} s`;
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  const days = Math.floor(hours / 24);
  return hours % 24 === 0 ? `${days} days` : `${days} days ${hours % 24} h`;
}

/** "120 ms", "1.4 s". */
export function latencyText(ms: number | undefined): string {
  if (ms === undefined) return '–';
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
