const folder = 'https://raw.githubusercontent.com/holdfast-data/holdfast/main/packages/manifest/schema';

/** For `$schema` of a manifest: an editor then completes and checks it. */
export const manifestSchemaAddress = `${folder}/manifest-1.schema.json`;

/** For `$schema` of `policy.json`. */
export const policySchemaAddress = `${folder}/policy-1.schema.json`;
