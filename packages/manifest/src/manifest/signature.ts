import * as z from 'zod/mini';
import { fromBase64 } from '../crypto/base64.ts';
import { noted, rule, textField } from '../json/field-rule.ts';
import type { Immutable } from '../json/immutable.ts';

export const keyIdField = textField({
  pattern: '^SHA256:[A-Za-z0-9+/]{43}$',
  max: 50,
  expected: 'an OpenSSH fingerprint, SHA256: and 43 characters of base64',
  description: 'The fingerprint of the public key: what ssh-keygen -lf alice.pub prints',
});

export const signatureFormats = ['ed25519', 'sshsig'] as const;

export const Signature = z.strictObject({
  keyid: keyIdField,
  format: noted(z.enum(signatureFormats), {
    description: 'ed25519: over the DSSE encoding; sshsig: by ssh-keygen -Y sign',
  }),
  signature: noted(z.string().check(rule<string>(signatureProblem)), {
    description: 'Base64 of the signature',
    pattern: '^[A-Za-z0-9+/]+={0,2}$',
    maxLength: 2048,
  }),
});
export type Signature = Immutable<z.infer<typeof Signature>>;

export const maxSignatures = 16;

function signatureProblem(text: string): { message: string } | undefined {
  const length = text.length > 2048 ? undefined : fromBase64(text)?.length;
  return length === undefined || length < 64
    ? { message: 'expected the base64 of a signature, in its one spelling' }
    : undefined;
}
