import type { Manifest, PolicyDocument, Signature } from '@holdfast/manifest';
import { addSignature } from '@holdfast/manifest/internal';
import { escapeText } from '@holdfast/manifest/text';
import type { Tools } from '../frame/command.ts';
import { holdingFile } from '../frame/file-lock.ts';
import { Misuse } from '../frame/misuse.ts';
import { fromCwd } from '../frame/operand-file.ts';
import { writeDocument } from '../manifest/manifest-file.ts';
import { readSignable, type Signable, sshMessage } from './signable.ts';

/** Adds a signature to what the file holds by now: others may have signed while this one typed a password. */
export function addToFile(
  path: string,
  signed: Signable,
  signature: Signature,
  tools: Tools,
): Promise<Manifest | PolicyDocument> {
  return holdingFile(fromCwd(tools.cwd, path), tools.signal, async () => {
    const { signable } = await readSignable(tools.cwd, path);
    if (signable === undefined || sshMessage(signable).message !== sshMessage(signed).message) {
      throw new Misuse(
        `${escapeText(path)} changed while you signed it; the signature was not added`,
        'read it again, then run the same command again',
      );
    }
    const document = addSignature<Manifest | PolicyDocument>(signable.document, signature);
    await writeDocument(tools.cwd, path, document);
    return document;
  });
}
