import type { Change, Problem } from '@holdfast/manifest';
import {
  bringsContent,
  publishCommand,
  type ReadManifest,
  unservedProblem,
} from '@holdfast/manifest/internal';
import { escapeText } from '@holdfast/manifest/text';
import type { ChangesReport } from '@holdfast/repository';
import { Misuse } from '../frame/misuse.ts';
import type { Paint } from '../frame/paint.ts';
import { titleOf } from '../manifest/manifest-file.ts';

/** Where content was looked for, and what is there. */
export interface ContentServed {
  /** For a person: `the gateways and Kubo at …`. Empty if nobody could be asked. */
  readonly asked: string;
  /** By CID. What is not in it is not known. */
  readonly served: ReadonlyMap<string, boolean>;
}

export interface AskedContent {
  readonly content: ContentServed;
  readonly problems: readonly Problem[];
  /** The changes whose content has to be published before the merge, unless it is. */
  readonly open: readonly NewContent[];
}

type NewContent = Change & { readonly after: ReadManifest };

/** Whether the content of the changes can be had: what nobody published, no peer can pin. */
export async function askedContent(
  { changes, ok }: ChangesReport,
  retrievable: string | undefined,
  ask: (cids: readonly string[]) => Promise<ContentServed>,
): Promise<AskedContent> {
  const nothing: ContentServed = { asked: '', served: new Map() };
  const brought = changes.filter(bringsContent);
  // What is refused anyway is not worth the wait.
  if (!ok || retrievable === 'false') return { content: nothing, problems: [], open: [] };
  const cids = brought.map(({ after }) => after.manifest.dataset.cid);
  const content = await ask(cids);
  if (retrievable === 'true' && content.asked === '' && cids.length > 0) {
    throw new Misuse(
      '--retrievable true needs somebody to ask',
      'name a gateway with --gateway or GATEWAYS, or the target, for example with CLUSTER_URL',
    );
  }
  const open = brought.filter(({ after }) => content.served.get(after.manifest.dataset.cid) !== true);
  const problems = retrievable === 'true' ? open.map((change) => unservedProblem(change, content.asked)) : [];
  return { content, problems, open };
}

export function contentLines({ content: { asked, served }, open }: AskedContent, paint: Paint): string[] {
  return open.flatMap(({ path, after }) => {
    const { cid } = after.manifest.dataset;
    const state = served.has(cid) ? `${asked} could not serve it` : 'nobody could be asked for its content';
    return [
      `  ${paint.yellow('!')} ${paint.bold(escapeText(titleOf(after.manifest)))}: ${escapeText(state)}; publish it before the merge, if you have not yet:`,
      `    ${publishCommand(path, 'FOLDER')}`,
    ];
  });
}
