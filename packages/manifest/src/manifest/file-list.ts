import * as z from 'zod/mini';
import { integerField, noted } from '../json/field-rule.ts';
import { cidField, sha256Field } from './hash-fields.ts';

export const fileListFormat = 'holdfast-files-1';

/** The files of a dataset that has too many for its manifest: a list beside it, which the signatures cover by its hash. */
export const FileList = noted(
  z.strictObject({
    format: noted(z.literal(fileListFormat), {
      description: 'JSON Lines: one file a line in RFC 8785 form, sorted by the bytes of its path',
    }),
    count: integerField(1, 'How many files it lists'),
    size: integerField(1, 'Bytes of the list'),
    sha256: sha256Field('SHA-256 of the bytes of the list, lower-case hexadecimal'),
    cid: cidField('CIDv1 of the list as one file under unixfs-v1-2025'),
  }),
  { description: 'Where the files are listed, if there are more than a manifest holds' },
);
export type FileList = z.infer<typeof FileList>;
