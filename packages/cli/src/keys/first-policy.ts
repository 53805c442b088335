import type { PolicyDocument } from '@holdfast/manifest';
import { policySchemaAddress } from '@holdfast/manifest/internal';

/** A policy that says what a folder of one key says without one, to be added to. */
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
