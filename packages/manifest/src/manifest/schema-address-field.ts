import { textField } from '../json/field-rule.ts';
import { manifestSchemaAddress, policySchemaAddress, targetsSchemaAddress } from '../json/schema-address.ts';

const own = { manifest: manifestSchemaAddress, policy: policySchemaAddress, targets: targetsSchemaAddress };

/** No signature covers `$schema`, and editors and pages may follow it: only addresses of this project are accepted, of any release. */
export function schemaAddressField(document: keyof typeof own) {
  const file = `${document}-1(?:\\.draft-07)?\\.schema\\.json`;
  const release =
    'raw\\.githubusercontent\\.com/holdfast-data/holdfast/(?!\\.)[\\w.-]+/packages/manifest/schema';
  return textField({
    pattern: `^https://(?:holdfast-data\\.github\\.io/holdfast|${release})/${file}$`,
    expected: own[document],
    description: 'Address of this schema, for editors',
  });
}
