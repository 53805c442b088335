// Blowfish (Schneier, 1993) with the expensive key set-up of bcrypt (Provos and Mazières, 1999).

/** Its initial state is the fraction of pi: 18 words of P, then four boxes of 256. */
const stateWords = 18 + 4 * 256;
let initial: Uint32Array | undefined;

/** Machin's formula, in integers: computed on first use rather than kept as a table of 4 KiB. */
function piFraction(): Uint32Array {
  const bits = BigInt(stateWords * 32 + 64);
  const one = 1n << bits;
  const arctangent = (inverse: bigint) => {
    let sum = 0n;
    let power = one / inverse;
    for (let n = 1n; power !== 0n; n += 4n) {
      sum += power / n;
      power /= inverse * inverse;
      sum -= power / (n + 2n);
      power /= inverse * inverse;
    }
    return sum;
  };
  const pi = 4n * (4n * arctangent(5n) - arctangent(239n));
  const hex = (pi - 3n * one).toString(16).padStart(Number(bits) / 4, '0');
  return Uint32Array.from({ length: stateWords }, (_, word) =>
    Number.parseInt(hex.slice(word * 8, word * 8 + 8), 16),
  );
}

export class Blowfish {
  readonly #p: Uint32Array;
  readonly #s: Uint32Array;

  constructor() {
    initial ??= piFraction();
    this.#p = initial.slice(0, 18);
    this.#s = initial.slice(18);
  }

  /** Mixes a key, and where given a salt, into the state. */
  expand(key: Uint8Array, salt: Uint8Array | undefined): void {
    const keyWords = words(key);
    for (let i = 0; i < 18; i++) this.#p[i] = (this.#p[i] as number) ^ keyWords();
    const saltWords = salt === undefined ? () => 0 : words(salt);
    const pair = new Uint32Array(2);
    for (const state of [this.#p, this.#s]) {
      for (let i = 0; i < state.length; i += 2) {
        pair[0] = (pair[0] as number) ^ saltWords();
        pair[1] = (pair[1] as number) ^ saltWords();
        this.encrypt(pair, 0);
        state.set(pair, i);
      }
    }
  }

  /** Encrypts the two words at the offset in place. */
  encrypt(data: Uint32Array, offset: number): void {
    const [p, s] = [this.#p, this.#s];
    let left = (data[offset] as number) ^ (p[0] as number);
    let right = data[offset + 1] as number;
    for (let i = 1; i <= 16; i += 2) {
      right ^= mix(s, left) ^ (p[i] as number);
      left ^= mix(s, right) ^ (p[i + 1] as number);
    }
    data[offset] = right ^ (p[17] as number);
    data[offset + 1] = left;
  }
}

function mix(s: Uint32Array, x: number): number {
  const sum = (s[x >>> 24] as number) + (s[256 + ((x >>> 16) & 255)] as number);
  return (((sum ^ (s[512 + ((x >>> 8) & 255)] as number)) >>> 0) + (s[768 + (x & 255)] as number)) | 0;
}

/** Big-endian words of the bytes, again from the start after the end. */
function words(bytes: Uint8Array): () => number {
  let offset = 0;
  return () => {
    let word = 0;
    for (let i = 0; i < 4; i++) {
      word = (word << 8) | (bytes[offset] as number);
      offset = (offset + 1) % bytes.length;
    }
    return word;
  };
}
