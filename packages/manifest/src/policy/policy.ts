import * as z from 'zod/mini';
import { integerField, lineField, list, noted, rule, textField } from '../json/field-rule.ts';
import type { Immutable } from '../json/immutable.ts';
import { datasetName, Tier, tierNames, timestampField } from '../manifest/manifest.ts';
import { schemaAddressField } from '../manifest/schema-address-field.ts';
import { keyIdField, maxSignatures, Signature } from '../manifest/signature.ts';
import { byteSizePattern, parseByteSize } from '../text/byte-size.ts';
import { ipnsNameField } from './ipns-name.ts';

export const signerName = textField({
  pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$',
  max: 64,
  expected: 'the name of a signer: letters, digits, ".", "_" and "-"',
  description: 'Name of a signer',
});

const PolicySigner = z.strictObject({
  github: z.exactOptional(
    textField({
      pattern: '^@?[A-Za-z0-9][A-Za-z0-9-]*$',
      max: 40,
      expected: 'a GitHub name such as @alice',
      description: 'GitHub name, to mention',
    }),
  ),
  keys: list(
    textField({
      pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*\\.pub$',
      max: 128,
      expected: 'a file name such as alice.pub',
      description: 'A file of public keys beside the policy',
    }),
    32,
    'Key files of this signer',
  ),
  keyids: z.exactOptional(
    list(
      keyIdField,
      64,
      'Fingerprints of the keys in these files: where given, the files hold exactly these',
    ),
  ),
  validFrom: z.exactOptional(timestampField('Signatures that come before count for nothing')),
  validUntil: z.exactOptional(timestampField('Signatures that come from then on count for nothing')),
});
export type PolicySigner = Immutable<z.infer<typeof PolicySigner>>;

const threshold = integerField(1, 'How many different signers have to sign');

const PolicyRule = z.strictObject({
  manifests: list(
    lineField('A glob such as manifests/tides/**', 500),
    100,
    'The paths of manifests that the rule is for',
  ),
  signers: list(signerName, 500, 'Who may sign'),
  threshold,
  tiers: list(Tier, tierNames.length, 'The tiers that the rule grants'),
  maxTotalSize: z.exactOptional(
    textField({
      pattern: byteSizePattern,
      max: 32,
      expected: 'a size such as 2TB or 500 GiB',
      description: 'The largest dataset that the rule grants',
      examples: ['2TB', '500 GiB'],
      accepts: (text) => parseByteSize(text) !== undefined,
    }),
  ),
});
export type PolicyRule = Immutable<z.infer<typeof PolicyRule>>;

const Copies = noted(
  z
    .strictObject({
      min: integerField(1, 'Copies below which it is degraded'),
      max: integerField(1, 'Copies at most'),
      regions: z.exactOptional(integerField(0, 'Distinct regions that the copies are in')),
    })
    .check(
      rule<{ min: number; max: number }>(({ min, max }) =>
        min <= max ? undefined : { message: `expected min up to max, got min ${min} and max ${max}` },
      ),
    ),
  { description: 'Copies of a tier, in place of the default' },
);

const Revocation = z.strictObject({
  keyid: keyIdField,
  reason: lineField('Why the key was revoked'),
  since: z.exactOptional(timestampField('From when it counts for nothing; at once where absent')),
});

const limit = (description: string) => z.exactOptional(integerField(1, description));

/** Applies to lists of files beside manifests; `listLimits` has the defaults. */
const FileLists = noted(
  z.strictObject({
    files: limit('Files in a list at most; 1,000,000 by default'),
    bytes: limit('Bytes of a list at most; 536,870,912 by default'),
    bytesInGit: limit(
      'Bytes of a list in Git at most; 99,614,720 by default. A larger one is read from IPFS. GitHub refuses files over 100 MB',
    ),
    depth: limit('Folders above a file at most; 100 by default'),
  }),
  { description: 'Limits of the file lists beside manifests, in place of the defaults' },
);

const Root = z.strictObject({ signers: list(signerName, 500, 'Who may change keys and policy'), threshold });

export const Policy = noted(
  z.strictObject({
    version: integerField(1, 'Takes the next number with every change where there is a root'),
    signers: noted(z.record(signerName, PolicySigner), { description: 'Who has which keys' }),
    rules: list(PolicyRule, 500, 'The first rule whose patterns match a path decides; no match means no'),
    tiers: z.exactOptional(
      noted(
        z.strictObject({
          critical: z.exactOptional(Copies),
          important: z.exactOptional(Copies),
          standard: z.exactOptional(Copies),
          ephemeral: z.exactOptional(Copies),
        }),
        { description: 'Copies of a tier where they differ from the default' },
      ),
    ),
    fileLists: z.exactOptional(FileLists),
    names: z.exactOptional(
      noted(z.record(datasetName, ipnsNameField), {
        description: 'The IPNS name of a dataset, which follows its latest version',
      }),
    ),
    revoked: z.exactOptional(list(Revocation, 1000, 'Keys that count for nothing', 0)),
    root: z.exactOptional(noted(Root, { description: 'Whose signatures a change of keys or policy needs' })),
  }),
  { description: 'Who may publish what' },
);
export type Policy = Immutable<z.infer<typeof Policy>>;

export const PolicyDocument = noted(
  z.strictObject({
    $schema: z.exactOptional(schemaAddressField('policy')),
    policy: Policy,
    signatures: list(Signature, maxSignatures, 'Signatures of the root', 0),
  }),
  { title: 'Holdfast policy', description: 'public-keys/policy.json: who may publish what' },
);
export type PolicyDocument = Immutable<z.infer<typeof PolicyDocument>>;
