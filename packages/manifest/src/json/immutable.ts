/** What a frozen value is to a compiler: read-only through and through. */
export type Immutable<T> = T extends object ? { readonly [K in keyof T]: Immutable<T[K]> } : T;
