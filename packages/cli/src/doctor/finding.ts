/** `ok`: as it should be. `warning`: worth a look. `error`: something will not work, or is not safe. */
export type Health = 'ok' | 'warning' | 'error';

/** What a part of the world looks like, and how to fix it. */
export interface Finding {
  readonly area:
    | 'this machine'
    | 'repository'
    | 'keys'
    | 'targets'
    | 'gateways'
    | 'routers'
    | 'configuration';
  /** The file, address or name that it is about. */
  readonly subject: string;
  readonly health: Health;
  readonly message: string;
  readonly help?: string;
}

type Said = Omit<Finding, 'area' | 'health'>;

/** The findings of one area, as they are made. */
export class Findings {
  readonly #area: Finding['area'];
  readonly #all: Finding[] = [];

  constructor(area: Finding['area']) {
    this.#area = area;
  }

  ok(subject: string, message: string): void {
    this.#add('ok', { subject, message });
  }

  warn(subject: string, message: string, help: string): void {
    this.#add('warning', { subject, message, help });
  }

  error(subject: string, message: string, help: string): void {
    this.#add('error', { subject, message, help });
  }

  /** An area of which nothing was worse than `ok` has at least this line. */
  all(otherwise?: { readonly subject: string; readonly message: string }): readonly Finding[] {
    if (otherwise && this.#all.length === 0) this.ok(otherwise.subject, otherwise.message);
    return this.#all;
  }

  #add(health: Health, said: Said): void {
    // Messages of a server begin with its address, which stands before them already.
    const message = said.message.replace(/^(\S+): /, (whole, label: string) =>
      said.subject.endsWith(label) ? '' : whole,
    );
    this.#all.push({ area: this.#area, health, ...said, message });
  }
}
