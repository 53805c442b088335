import { listFinder } from '@holdfast/content/internal';
import type { FindList } from '@holdfast/manifest/files';
import { LocalTarget, type PinTarget } from '@holdfast/pinning';
import type { Tools } from '../frame/command.ts';
import { localSource } from './local-source.ts';
import { gatewaysNamed, gatewaysOf } from './source-flags.ts';

export interface ListPlaces {
  readonly target?: PinTarget;
  /** Default: those of GATEWAYS. */
  readonly gateways?: readonly string[];
}

/** Where the file list of a dataset is looked for that is not beside its manifest: in folders of copies, then on gateways. */
export function listsOf({ target, gateways = [] }: ListPlaces, tools: Tools): FindList {
  return async (fileList) => {
    const local = target instanceof LocalTarget ? localSource(target) : undefined;
    const found = local && (await listFinder(local, tools)(fileList));
    const named = gatewaysNamed(gateways, tools);
    if (found !== undefined || named.length === 0) return found;
    tools.waitingFor(`the list of ${fileList.count} files`);
    return listFinder(gatewaysOf(named), tools)(fileList);
  };
}
