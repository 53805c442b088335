/** Copies wanted: at least `min`, up to `max`, over at least `regions` distinct regions. */
export interface Copies {
  readonly min: number;
  readonly max: number;
  /** 0 or 1 asks for no spread. */
  readonly regions: number;
  /** `where-tagged` asks for the spread only if peers carry more than one region tag; `always` fails without. */
  readonly spread: 'always' | 'where-tagged';
}

/** What one owner wants of one CID. The unit of desired state; knows nothing of manifests. */
export interface PinRequest {
  readonly cid: string;
  /** Stable id of the request within its owner, for example `north-sea-tides@1.2.0`. */
  readonly id: string;
  /** Who wants it, for example `github.com/owner/repo`; becomes `holdfast-repo` metadata. */
  readonly owner: string;
  /** Shown as the pin's name, cut after 255 bytes. */
  readonly name: string;
  readonly copies: Copies;
  /** Bytes of one copy, for capacity checks. */
  readonly totalSize?: number | undefined;
  /** RFC 3339; the pin ends then. */
  readonly expires?: string | undefined;
  /** Multiaddrs of nodes that have the content now; those that no target takes, or that are too many, are left out, as the step's reason says. */
  readonly origins?: readonly string[] | undefined;
  /** The phase of a rollout that it stands in; it is written with the claim, so that where a rollout stands can be seen. */
  readonly phase?: string | undefined;
  /** Kept with the pin, beside the owner's own. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}
