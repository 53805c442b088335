import { sha256 } from '@holdfast/manifest/sha256';
import type { CopyAnswer } from '../../proof/copy-source.ts';
import type { BitswapAnswer } from './bitswap-message.ts';

export interface OpenWant {
  readonly key: string;
  /** The binary CID, as it was asked for. */
  readonly cid: Uint8Array;
  /** How often bytes that nobody asked for came while this alone was asked for. */
  strays: number;
  answer(answer: CopyAnswer): void;
  fail(error: unknown): void;
}

/** What is asked of one peer and not answered yet. A block names no CID: its hash says which want it answers. */
export class OpenWants {
  readonly #wants = new Map<string, OpenWant>();
  /** The latest that were answered: a block that comes twice is not a stray. */
  readonly #answered = new Set<string>();
  /** Some block that came hashes to nothing that was asked for. */
  hasStrays = false;

  get size(): number {
    return this.#wants.size;
  }

  get all(): readonly OpenWant[] {
    return [...this.#wants.values()];
  }

  add(want: OpenWant): void {
    this.#wants.set(want.key, want);
  }

  delete(key: string): void {
    this.#wants.delete(key);
  }

  /** Hands on what a message answers; false where it answers nothing. */
  take({ blocks, lacks }: BitswapAnswer): boolean {
    let useful = false;
    for (const bytes of blocks) {
      const key = keyOf(sha256(bytes));
      useful = this.#answer(key, { kind: 'block', bytes }) || useful;
      if (this.#answered.has(key)) continue;
      this.hasStrays = true;
      const [only] = this.#wants.values();
      if (this.#wants.size === 1 && only !== undefined) only.strays += 1;
    }
    for (const cid of lacks)
      useful = this.#answer(keyOf(cid.subarray(-digestBytes)), { kind: 'missing' }) || useful;
    return useful;
  }

  #answer(key: string, answer: CopyAnswer): boolean {
    const want = this.#wants.get(key);
    if (want === undefined) return false;
    this.#wants.delete(key);
    this.#answered.add(key);
    const [oldest] = this.#answered;
    if (this.#answered.size > mostAnswered && oldest !== undefined) this.#answered.delete(oldest);
    want.answer(answer);
    return true;
  }

  failAll(error: unknown): void {
    const failed = this.all;
    this.#wants.clear();
    for (const want of failed) want.fail(error);
  }
}

const digestBytes = 32;
const mostAnswered = 4096;

export function keyOf(digest: Uint8Array): string {
  return Buffer.from(digest.buffer, digest.byteOffset, digest.length).toString('base64url');
}
