interface NativeCrypto {
  createHash(name: 'sha256'): { update(bytes: Uint8Array): { digest(): Uint8Array } };
}
declare const process: { getBuiltinModule(name: string): unknown };
const crypto = process.getBuiltinModule('node:crypto') as NativeCrypto;
export function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(crypto.createHash('sha256').update(bytes).digest());
}
