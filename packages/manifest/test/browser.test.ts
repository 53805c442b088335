import { createContext, Script } from 'node:vm';
import { browserBundle } from '@holdfast/testkit';
import { expect, test } from 'vitest';
import { vectors } from './vectors.ts';

const entry = `
import * as holdfast from '@holdfast/manifest';
import * as internal from '@holdfast/manifest/internal';
globalThis.result = (async () => {
  const privateKey = holdfast.generateKey();
  const again = await holdfast.parsePrivateKey(await internal.encodePrivateKey(privateKey, { password: 'correct horse' }), { password: 'correct horse' });
  const read = holdfast.readManifest(new TextEncoder().encode(globalThis.text));
  const signed = await holdfast.signManifest(read.manifest, again);
  const bytes = new TextEncoder().encode(JSON.stringify(signed));
  const back = holdfast.readManifest(bytes);
  const { trust } = holdfast.loadTrust([{ path: 'alice.pub', bytes: new TextEncoder().encode(holdfast.formatPublicKey(privateKey.publicKey)) }]);
  const verdict = holdfast.evaluateTrust({ path: 'manifests/a.json', manifest: back.manifest }, trust, new Date());
  return { digest: read.digest, ok: verdict.ok, explanation: verdict.explanation, matches: internal.globMatcher(['manifests/**'])('manifests/a.json') };
})();
`;

/**
 * What a browser and nothing of Node has: a bundler's output for browsers, run in a context of its own without process, Buffer or require.
 */
test('works bundled for a browser', async () => {
  const { code, builtIns } = await browserBundle(entry, import.meta.dirname);
  expect(builtIns).toEqual([]);
  const [manifest] = vectors<{ text: string; digest: string }>('manifests');
  const { crypto, URL, TextEncoder, TextDecoder } = globalThis;
  const context = createContext({
    crypto,
    URL,
    TextEncoder,
    TextDecoder,
    text: manifest?.text,
    result: undefined,
  });
  new Script(code).runInContext(context);
  expect(new Script('typeof process + typeof Buffer + typeof require').runInContext(context)).toBe(
    'undefinedundefinedundefined',
  );
  expect(await context.result).toEqual({
    digest: manifest?.digest,
    ok: true,
    explanation: 'needs 1 of alice; has alice',
    matches: true,
  });
});
