const folder = 'https://raw.githubusercontent.com/holdfast-data/holdfast/main/packages/manifest/schema';

/** The `$schema` of a manifest: with it an editor completes and checks the file. */
export const manifestSchemaAddress = `${folder}/manifest-1.schema.json`;

/** The `$schema` of `policy.json`. */
export const policySchemaAddress = `${folder}/policy-1.schema.json`;

/** The `$schema` of `targets.json`. */
export const targetsSchemaAddress = `${folder}/targets-1.schema.json`;
