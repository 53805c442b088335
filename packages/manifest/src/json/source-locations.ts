import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { pointerOf } from './pointer.ts';

export interface SourceLocation {
  readonly line: number;
  readonly column: number;
}

export interface SyntaxProblem extends SourceLocation {
  readonly what: string;
}

export interface DuplicateKey extends SourceLocation {
  readonly key: string;
  readonly path: string;
  readonly first: SourceLocation;
}

function nameOf({ error }: ParseError): string {
  return printParseErrorCode(error)
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase();
}

function isComment({ error }: ParseError): boolean {
  return printParseErrorCode(error) === 'InvalidCommentToken';
}

const strict = { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false };

/** Where things are in a JSON text. Built only when a problem needs a place. */
export class SourceLocations {
  readonly #text: string;
  readonly #root: Node | undefined;
  readonly #errors: ParseError[] = [];
  readonly #properties = new Map<Node, ReadonlyMap<unknown, Node>>();
  #lineStarts: number[] | undefined;

  constructor(text: string) {
    this.#text = text;
    this.#root = parseTree(text, this.#errors, strict);
  }

  /** The place of a value, or of the nearest one around it that exists. */
  find(path: readonly (string | number)[]): SourceLocation {
    let node = this.#root;
    for (const segment of path) {
      const next = node && this.#childOf(node, segment);
      if (next === undefined) break;
      node = next;
    }
    return this.at(node?.offset ?? 0);
  }

  /** The place of a key, for a problem with the name and not with the value. */
  findKey(path: readonly (string | number)[], key: string): SourceLocation {
    let node = this.#root;
    for (const segment of path) node = node && this.#childOf(node, segment);
    const property = node && this.#propertyOf(node, key);
    return property === undefined ? this.find(path) : this.at(property.offset);
  }

  at(offset: number): SourceLocation {
    this.#lineStarts ??= [0, ...Array.from(this.#text.matchAll(/\n/g), (match) => match.index + 1)];
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.#lineStarts[low] ?? 0) + 1 };
  }

  /** One problem for a mistake and what follows from it; only the first place if the text is nothing like JSON. */
  findSyntaxProblems(): readonly SyntaxProblem[] {
    const beginning = this.#text.search(/\S/);
    if (this.#errors[0]?.offset === beginning && this.#root?.type !== 'object')
      return [{ what: 'expected "{" here', ...this.at(beginning) }];
    return this.#errors
      .filter((error, index) => !this.#followsFrom(error, this.#errors[index - 1]))
      .map((error) => ({ what: nameOf(error), ...this.at(error.offset) }));
  }

  /** After a mistake the parser continues, and may report the same mistake again. */
  #followsFrom(error: ParseError, before: ParseError | undefined): boolean {
    // A comment causes no second error.
    if (before === undefined || [error, before].some(isComment)) return false;
    return this.#text.slice(before.offset + before.length, error.offset).trim() === '';
  }

  duplicateKeys(): readonly DuplicateKey[] {
    const found: DuplicateKey[] = [];
    this.#walk(this.#root, [], (node, path) => {
      if (node.type !== 'object') return;
      const first = new Map<string, Node>();
      for (const property of node.children ?? []) {
        const key = String(property.children?.[0]?.value);
        const earlier = first.get(key);
        if (earlier === undefined) first.set(key, property);
        else {
          const places = { first: this.at(earlier.offset), ...this.at(property.offset) };
          found.push({ key, path: pointerOf([...path, key]), ...places });
        }
      }
    });
    return found;
  }

  /** Numbers that are not written as plain integers. */
  oddNumbers(): readonly (SourceLocation & { path: string; text: string })[] {
    const found: (SourceLocation & { path: string; text: string })[] = [];
    this.#walk(this.#root, [], (node, path) => {
      if (node.type !== 'number') return;
      const text = this.#text.slice(node.offset, node.offset + node.length);
      if (!/^(0|-?[1-9][0-9]*)$/.test(text))
        found.push({ path: pointerOf(path), text, ...this.at(node.offset) });
    });
    return found;
  }

  #walk(
    node: Node | undefined,
    path: (string | number)[],
    visit: (node: Node, path: (string | number)[]) => void,
  ): void {
    if (node === undefined) return;
    visit(node, path);
    node.children?.forEach((child, index) => {
      const value = child.type === 'property' ? child.children?.[1] : child;
      this.#walk(
        value,
        [...path, child.type === 'property' ? String(child.children?.[0]?.value) : index],
        visit,
      );
    });
  }

  #childOf(node: Node, segment: string | number): Node | undefined {
    if (node.type === 'array') return node.children?.[Number(segment)];
    return this.#propertyOf(node, String(segment))?.children?.[1];
  }

  /** The last of several members with one name: JSON.parse keeps it. */
  #propertyOf(node: Node, key: string): Node | undefined {
    let properties = this.#properties.get(node);
    if (properties === undefined) {
      properties = new Map(node.children?.map((property) => [property.children?.[0]?.value, property]));
      this.#properties.set(node, properties);
    }
    return properties.get(key);
  }
}
