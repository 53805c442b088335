import type { Colour, Output, Paint, Ports } from './ports.ts';

export type { Paint };

const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const satisfies Record<Colour, readonly [number, number]>;

export function paintFor(output: Output, env: Ports['env']): Paint {
  const on = wantsColour(output, env);
  const brush = (colour: Colour) => (text: string) =>
    on && text !== '' ? `\x1b[${codes[colour][0]}m${text}\x1b[${codes[colour][1]}m` : text;
  return {
    bold: brush('bold'),
    dim: brush('dim'),
    red: brush('red'),
    green: brush('green'),
    yellow: brush('yellow'),
    cyan: brush('cyan'),
  };
}

/** NO_COLOR (no-color.org) wins over FORCE_COLOR (force-color.org). Empty ones do not count. */
function wantsColour(output: Output, env: Ports['env']): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0';
  return output.isTTY && env.TERM !== 'dumb';
}
