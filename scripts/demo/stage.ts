import { stripVTControlCharacters } from 'node:util';

const colour = process.env.NO_COLOR
  ? false
  : process.stdout.isTTY === true || Boolean(process.env.FORCE_COLOR);
const paint = (code: string) => (text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
export const bold = paint('1');
export const dim = paint('2');
export const red = paint('31');
export const green = paint('32');
const cyan = paint('36');

let act = 0;
const started = performance.now();

export function title(text: string): void {
  console.log(`\n${bold(text)}`);
}

/** The heading of the next part of the story. */
export function heading(text: string): void {
  act += 1;
  console.log(`\n${bold(cyan(`${act}. ${text}`))} ${dim(`${seconds()} s`)}`);
}

/** A line for the person who watches. */
export function tell(text: string): void {
  console.log(`   ${text}`);
}

/** A command as a person would type it. */
export function command(line: string): void {
  console.log(`   ${dim('$')} ${bold(line)}`);
}

/** What a program printed. */
export function quote(text: string): void {
  for (const line of text.trimEnd().split('\n')) {
    if (stripVTControlCharacters(line).trim() === '') continue;
    console.log(`   ${dim('│')} ${line}`);
  }
}

export function good(text: string): void {
  console.log(`   ${green('✓')} ${text}`);
}

export function bad(text: string): void {
  console.log(`   ${red('✗')} ${text}`);
}

export function seconds(): string {
  return ((performance.now() - started) / 1000).toFixed(0);
}
