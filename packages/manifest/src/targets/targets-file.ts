import * as z from 'zod/mini';
import { lineField, list, noted, rule, textField, webField } from '../json/field-rule.ts';
import type { Immutable } from '../json/immutable.ts';
import { schemaAddressField } from '../manifest/schema-address-field.ts';

const placeName = (description: string) =>
  textField({
    pattern: '^[a-z0-9][a-z0-9._-]*$',
    max: 64,
    expected: 'a name of a-z, 0-9, ".", "_" and "-" that begins with a letter or digit',
    description,
  });

const targetName = placeName('Name of the target, for --target and holdfast login');
const regionName = placeName('Name of the region, such as europe-west');

/** A message or a log may repeat an address, so it never holds a secret. */
const plainAddress = rule<string>((text) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !(url.username || url.password || url.search || url.hash)) return undefined;
  return {
    message: 'expected an address without user, password, "?" and "#"',
    hint: 'leave the credential out and run holdfast login NAME',
  };
});

const address = (description: string) => {
  const field = webField(description);
  return noted(field.check(plainAddress), { pattern: '^https?://[^\\s/?#@]+[^\\s?#]*$', description });
};

const Place = z.strictObject({
  name: targetName,
  kind: noted(z.enum(['cluster', 'kubo', 'pinning-service', 'local']), {
    description: 'What answers there: IPFS Cluster, Kubo, a pinning service, or a folder of this machine',
  }),
  url: z.exactOptional(address('Address of its API')),
  urls: z.exactOptional(
    list(address('Address of one peer or node'), 50, 'Addresses of several peers or nodes'),
  ),
  folder: z.exactOptional(
    lineField('Folder of a local target, relative to the work tree or the home folder', 4096),
  ),
  region: z.exactOptional(regionName),
  gateways: z.exactOptional(
    list(address('Address of a gateway that serves what is kept there'), 20, 'Gateways of this place'),
  ),
  auth: z.exactOptional(
    noted(
      z.strictObject({
        env: textField({
          pattern: '^[A-Z][A-Z0-9_]*$',
          max: 128,
          expected: 'the name of an environment variable such as HOLDFAST_LAB_AUTH',
          description: 'The environment variable that holds user:password or a token',
        }),
      }),
      { description: 'Where the credential comes from; without it, holdfast login keeps one' },
    ),
  ),
});

export const TargetPlace = noted(
  Place.check(
    rule<z.infer<typeof Place>>(({ kind, url, urls, folder }) => {
      const given = [url, urls, folder].filter((one) => one !== undefined).length;
      const wanted = kind === 'local' ? '"folder"' : kind === 'pinning-service' ? '"url"' : '"url" or "urls"';
      const fits =
        kind === 'local'
          ? folder !== undefined
          : kind === 'pinning-service'
            ? url !== undefined
            : folder === undefined;
      return fits && given === 1
        ? undefined
        : { message: `a target of kind ${kind} has ${wanted} and no other place` };
    }),
  ),
  { description: 'A place that keeps copies' },
);
export type TargetPlace = Immutable<z.infer<typeof Place>>;

const Region = noted(
  z.strictObject({
    targets: list(targetName, 100, 'Targets in this region'),
    quorum: z.exactOptional(
      noted(z.int().check(z.minimum(1), z.maximum(100)), {
        description: 'How many of its targets must have a copy before the region counts; 1 without it',
      }),
    ),
  }),
  { description: 'Targets that are near each other, and count as one region' },
);

const whole = (description: string, most: number) =>
  noted(z.int().check(z.minimum(1), z.maximum(most)), { description });

const RolloutPhase = noted(
  z.strictObject({
    name: placeName('Name of the phase, such as canary'),
    places: z.exactOptional(
      list(
        placeName('Name of a target or a region'),
        100,
        'Targets and regions whose turn it is; all without it',
      ),
    ),
    percent: z.exactOptional(
      whole('The part of the copies there that this phase makes; all of them without it', 100),
    ),
  }),
  { description: 'One stage of a rollout' },
);

const Rollout = noted(
  z.strictObject({
    phases: z.exactOptional(list(RolloutPhase, 50, 'In order; what none of them names comes last')),
    until: z.exactOptional(placeName('The phase to stop after, until this line is taken out')),
    blocks: z.exactOptional(
      whole('Blocks to fetch of each dataset through each gateway; 16 without it', 10_000),
    ),
    p95Ms: z.exactOptional(
      whole('Milliseconds within which 95 of 100 blocks have to come from a gateway', 600_000),
    ),
    settleSeconds: z.exactOptional(
      whole('Seconds within which the gateways have to serve a new copy; 120 without it', 86_400),
    ),
    prove: z.exactOptional(
      noted(z.enum(['off', 'auto', 'require']), {
        description:
          'Whether peers have to show their new copies; auto without it: as far as they can be asked',
      }),
    ),
    phaseMinutes: z.exactOptional(
      whole('Minutes that the copies of a phase may take; 60 without it', 43_200),
    ),
  }),
  { description: 'How new versions go out: a phase after the other, each looked at before the next' },
);
export type RolloutRules = Immutable<z.infer<typeof Rollout>>;

export const TargetsFile = noted(
  z.strictObject({
    $schema: z.exactOptional(schemaAddressField('targets')),
    default: z.exactOptional(targetName),
    targets: list(TargetPlace, 100, 'The places that keep copies'),
    regions: z.exactOptional(
      noted(z.record(regionName, Region), { description: 'Regions, by name; --target takes them too' }),
    ),
    rollout: z.exactOptional(Rollout),
  }),
  { title: 'Targets of Holdfast', description: 'Where copies are kept' },
);
export type TargetsFile = Immutable<z.infer<typeof TargetsFile>>;
