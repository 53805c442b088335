/** One call for all who ask for the same at the same time. It ends when the last of them has left. */
export class SharedCalls<T> {
  readonly #calls = new Map<string, SharedCall<T>>();

  run(key: string, signal: AbortSignal, start: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (signal.aborted) return Promise.reject(signal.reason);
    let call = this.#calls.get(key);
    if (call === undefined) {
      const stop = new AbortController();
      const result = start(stop.signal).finally(() => this.#forget(key, stop));
      // Whoever asks awaits it; when all have left, its failure is of no interest.
      result.catch(() => undefined);
      call = { stop, result, askers: 0 };
      this.#calls.set(key, call);
    }
    return this.#join(key, call, signal);
  }

  #join(key: string, call: SharedCall<T>, signal: AbortSignal): Promise<T> {
    call.askers += 1;
    return new Promise<T>((resolve, reject) => {
      const leave = (): void => {
        signal.removeEventListener('abort', abort);
        call.askers -= 1;
      };
      const abort = (): void => {
        leave();
        reject(signal.reason);
        if (call.askers > 0) return;
        // Who asks from now on starts anew.
        this.#forget(key, call.stop);
        call.stop.abort(signal.reason);
      };
      signal.addEventListener('abort', abort, { once: true });
      call.result.then(
        (value) => {
          leave();
          resolve(value);
        },
        (error: unknown) => {
          leave();
          reject(error);
        },
      );
    });
  }

  #forget(key: string, stop: AbortController): void {
    if (this.#calls.get(key)?.stop === stop) this.#calls.delete(key);
  }
}

interface SharedCall<T> {
  readonly stop: AbortController;
  readonly result: Promise<T>;
  askers: number;
}
