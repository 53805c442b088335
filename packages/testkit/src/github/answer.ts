/** What a route answers with; thrown where GitHub would refuse. */
export class Refusal extends Error {
  readonly status: number;
  readonly errors: readonly object[] | undefined;

  constructor(status: number, message: string, errors?: readonly object[]) {
    super(message);
    this.status = status;
    this.errors = errors;
  }
}

export function notFound(): Refusal {
  return new Refusal(404, 'Not Found');
}

export function invalid(resource: string, field: string, code: string, message?: string): Refusal {
  return new Refusal(422, 'Validation Failed', [{ resource, field, code, ...(message ? { message } : {}) }]);
}

/** A list is paged by the server; anything else is the body as it is. */
export interface Answer {
  status: number;
  body?: unknown;
  list?: readonly unknown[];
  /** In place of JSON. */
  raw?: Uint8Array;
}
