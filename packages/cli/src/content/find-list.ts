import { listFinder } from '@holdfast/content/internal';
import type { FindList } from '@holdfast/manifest/internal';
import { LocalTarget, type PinTarget } from '@holdfast/pinning';
import type { Tools } from '../frame/command.ts';
import { localSource } from './local-source.ts';
import { gatewaysFor } from './source-flags.ts';

/** Where the file list of a dataset is looked for that is not beside its manifest: on the target, then on the gateways. */
export function listsOf(target: PinTarget | undefined, tools: Tools): FindList {
  return async (fileList) => {
    tools.waitingFor(`the list of ${fileList.count} files`);
    const local = target instanceof LocalTarget ? localSource(target) : undefined;
    const found = local && (await listFinder(local, tools)(fileList));
    if (found !== undefined) return found;
    const gateways = await gatewaysFor({ gateway: [], 'kubo-url': [] }, tools);
    return listFinder(gateways, tools)(fileList);
  };
}
