import type { Clock } from '@holdfast/http';
import type { PinTarget } from '@holdfast/pinning';
import type { ChangesReport } from '@holdfast/repository';
import type { NamePorts } from './dataset-names.ts';
import type { Retrieval } from './retrieval.ts';
import type { RolloutPort } from './rollout.ts';
import type { ReadFile } from './scan/dataset-scan.ts';
import type { Scanner } from './scan/scanner.ts';

/** Everything a run needs from outside. */
export interface Ports {
  readonly repository: RepositoryPort;
  /** A dry run works without one. */
  readonly target?: PinTarget;
  readonly scan?: { readonly scanner: Scanner; readonly read: ReadFile };
  readonly retrieval?: Retrieval;
  /** New versions go out in phases. */
  readonly rollout?: RolloutPort;
  /** Whom a reader asks who has a CID. */
  readonly routers?: readonly string[];
  /** Names are followed where there are keys. */
  readonly names?: NamePorts;
  readonly clock: Clock;
  readonly random: () => number;
  /** Ends the run early, as a cancelled workflow does. */
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

export interface RepositoryPort {
  /** Every manifest at the head, judged with the trust of the base. */
  judge(signal: AbortSignal): Promise<ChangesReport>;
}
