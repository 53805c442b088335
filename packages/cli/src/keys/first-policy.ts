import type { PolicyDocument } from '@holdfast/manifest';
import { policySchemaAddress } from '@holdfast/manifest/internal';

/** A first policy: it allows what a folder with one key allows without a policy. */
export function firstPolicy(signer: string, keyid: string): PolicyDocument {
  return {
    $schema: policySchemaAddress,
    policy: {
      version: 1,
      signers: { [signer]: { keys: [`${signer}.pub`], keyids: [keyid] } },
      rules: [
        {
          manifests: ['**'],
          signers: [signer],
          threshold: 1,
          tiers: ['critical', 'important', 'standard', 'ephemeral'],
        },
      ],
    },
    signatures: [],
  };
}
