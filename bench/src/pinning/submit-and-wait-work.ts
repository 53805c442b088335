// What every side is given and what it must end with.
import { subscribe } from 'node:diagnostics_channel';
import { appendFile, readFile } from 'node:fs/promises';

export interface Work {
  readonly endpoint: string;
  readonly cids: readonly string[];
  readonly copies: number;
  /** The command-line client, for the side that uses it. */
  readonly ctl: string;
  /** Where every run leaves a line of what it did. */
  readonly log: string;
}

export interface Done {
  /** From the first thing the client does, looking before it plans included, until the last submission was accepted. */
  readonly submittedMs: number;
  /** CIDs that all wanted peers report as pinned. */
  readonly satisfied: number;
  readonly submissions: number;
  /** Requests made after that, to find out. */
  readonly looks: number;
}

/** Everything asks again after this long, so that no side wins by asking less often. */
export const pollMs = 150;

export async function readWork(): Promise<Work> {
  const path = process.argv[2];
  if (path === undefined) throw new Error('expected the path of a work file');
  return JSON.parse(await readFile(path, 'utf8')) as Work;
}

/** This process's own requests, by whichever of Node's two HTTP clients they are made. */
export class Requests {
  readonly #began = performance.now();
  submittedMs = 0;
  submissions = 0;
  looks = 0;

  constructor() {
    const count = (message: unknown) => {
      if ((message as { request: { method: string } }).request.method === 'POST') this.submissions += 1;
      else this.looks += 1;
    };
    subscribe('http.client.request.start', count);
    subscribe('undici:request:create', count);
  }

  /** Everything is submitted now: from here on looking is waiting. */
  submitted(): void {
    this.submittedMs = performance.now() - this.#began;
    this.looks = 0;
  }

  done(satisfied: number): Done {
    const { submittedMs, submissions, looks } = this;
    return { satisfied, submittedMs, submissions, looks };
  }
}

export async function report(side: string, { log }: Work, done: Done): Promise<void> {
  await appendFile(log, `${JSON.stringify({ side, ...done })}\n`);
  console.log(JSON.stringify(done));
}

/** Copies in an answer of `GET /pins/{cid}`. */
export function pinnedIn(status: {
  readonly peer_map?: Readonly<Record<string, { readonly status: string }>>;
}): number {
  return Object.values(status.peer_map ?? {}).filter((peer) => peer.status === 'pinned').length;
}
