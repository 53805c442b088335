import deprecated from 'spdx-license-ids/deprecated.json' with { type: 'json' };
import current from 'spdx-license-ids/index.json' with { type: 'json' };

/** Every name that SPDX has or had. */
export const licenseNames: ReadonlySet<string> = new Set<string>([...current, ...deprecated]);
