/** Markdown that is safe to put on a page. Made only here, so that plain text cannot pass for it. */
export class Markdown {
  readonly source: string;

  private constructor(source: string) {
    this.source = source;
  }

  /** For constants of our own code, and for pieces that are Markdown already. */
  static trusted(source: string): Markdown {
    return new Markdown(source);
  }

  toString(): string {
    return this.source;
  }
}

type Piece = Markdown | string | number | readonly Markdown[];

/**
 * md`**${name}** is valid`: the template is ours, and every string put in it becomes plain text. A character outside of ASCII is written
 * as an escape, since a bundler leaves the text of tagged templates as it is, and Node starts an ASCII file faster.
 */
export function md(template: TemplateStringsArray, ...pieces: readonly Piece[]): Markdown {
  return Markdown.trusted(
    template.reduce((all, part, index) => all + sourceOf(pieces[index - 1] ?? '') + part),
  );
}

export function join(pieces: readonly Markdown[], separator = ''): Markdown {
  return Markdown.trusted(pieces.map(({ source }) => source).join(separator));
}

/**
 * Prose. Everything with a meaning in Markdown or HTML is written as a character reference. Mentions, references to issues and emoji
 * are found in the rendered text, where references are characters again: a zero-width space takes them apart. `GH-12` is a reference too.
 */
export function text(value: string): Markdown {
  return Markdown.trusted(
    encode(value.replace(/(?<!\w)@(?=\w)|#(?=\d)|:(?=[\w+-]+:)|(?<!\w)gh-(?=\d)/gi, '$&\u200b')),
  );
}

/** Names, paths, ids: shown as they are. GitHub looks for no mentions in `code`. */
export function code(value: string): Markdown {
  return value === '' ? Markdown.trusted('') : Markdown.trusted(`<code>${encode(value)}</code>`);
}

/** One of our messages, with commands between back-ticks. */
export function message(value: string): Markdown {
  return join(value.split('`').map((part, index) => (index % 2 === 1 ? code(part) : text(part))));
}

/** Commands to copy. A line that is not shown as it is pasted is no command. */
export function commands(lines: readonly string[]): Markdown {
  const unsafe = lines.find((line) => /[\p{C}\p{Zl}\p{Zp}]|^\s*`{3}/u.test(line));
  if (unsafe !== undefined)
    throw new TypeError(`expected a line of a command, got ${JSON.stringify(unsafe)}`);
  return Markdown.trusted(['```sh', ...lines, '```'].join('\n'));
}

/** A link; only its label if the address is not http or https. */
export function link(label: Markdown, address: string): Markdown {
  if (!/^https?:\/\/[\w.:/~%?=&#@+-]+$/.test(address)) return label;
  return Markdown.trusted(`<a href="${address.replaceAll('&', '&amp;')}">${label.source}</a>`);
}

function sourceOf(piece: Piece): string {
  if (piece instanceof Markdown) return piece.source;
  return typeof piece === 'object' ? join(piece).source : text(String(piece)).source;
}

const plain = /[A-Za-z0-9 ,;'"()?=/\p{L}\p{M}\p{N}\p{Sm}\u200b.-]/u;

function encode(value: string): string {
  let encoded = '';
  for (const character of value.replace(/[\r\n]+/g, ' ')) {
    const point = character.codePointAt(0) ?? 0;
    if (character !== '\u200b' && /\p{C}|\p{Zl}|\p{Zp}/u.test(character))
      encoded += `&#92;u&#123;${point.toString(16)}&#125;`;
    else encoded += isPlain(character, point) ? character : `&#${point};`;
  }
  // At a line's beginning: lists, rules, headings and indented code.
  encoded = encoded
    .replace(/^\s+/, ' ')
    .replace(
      /^( ?(?:\d+(?=[.)]))?)([-+=]|(?<=\d)[.)])(?=[-=\s]|$)/,
      (_, before, mark) => `${before}&#${mark.codePointAt(0)};`,
    );
  // A colon alone means nothing; with what follows it could be an address or an emoji. `www.` is the only other link.
  return encoded.replace(/&#58;(?= |$)/g, ':').replace(/www\./gi, (found) => `${found.slice(0, 3)}&#46;`);
}

/** `~`, `|`, `<` and `>` are mathematical to Unicode and not to Markdown. */
function isPlain(character: string, point: number): boolean {
  return point > 0x2100 || (plain.test(character) && !/[~|<>]/.test(character));
}
