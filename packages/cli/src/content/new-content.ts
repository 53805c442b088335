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
import type { OriginAnswers } from './origin-answers.ts';

/** Where content was looked for, and what is there. */
export interface ContentServed {
  /** For a person: `the gateways and Kubo at …`. Empty if nobody could be asked. */
  readonly asked: string;
  /** By CID. What is not in it is not known. */
  readonly served: ReadonlyMap<string, boolean>;
}

/** Asks the nodes that a manifest names as its origins. */
type AskOrigins = (origins: readonly string[]) => Promise<OriginAnswers>;

export interface AskedContent {
  readonly content: ContentServed;
  readonly problems: readonly Problem[];
  /** The changes whose content has to be published before the merge, unless it is. */
  readonly open: readonly NewContent[];
  /** Of these, by CID, where the manifest names origins. */
  readonly origins: ReadonlyMap<string, OriginAnswers>;
}

type NewContent = Change & { readonly after: ReadManifest };

/** Whether the content of the changes can be had: what nobody published, no peer can pin. */
export async function askedContent(
  { changes, ok }: ChangesReport,
  retrievable: string | undefined,
  ask: (cids: readonly string[]) => Promise<ContentServed>,
  askOrigins: AskOrigins,
): Promise<AskedContent> {
  const nothing: ContentServed = { asked: '', served: new Map() };
  const brought = changes.filter(bringsContent);
  // What is refused anyway is not worth the wait.
  if (!ok || retrievable === 'false') return { content: nothing, problems: [], open: [], origins: new Map() };
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
  const origins = new Map<string, OriginAnswers>();
  for (const { after } of open.slice(0, mostDialled)) {
    const { cid, origins: named = [] } = after.manifest.dataset;
    if (named.length > 0) origins.set(cid, await askOrigins(named));
  }
  return { content, problems, open, origins };
}

/** A change of more datasets is told by the first: their nodes are mostly the same. */
const mostDialled = 10;

export function contentLines(
  { content: { asked, served }, open, origins }: AskedContent,
  paint: Paint,
): string[] {
  return open.flatMap(({ path, after }) => {
    const { cid } = after.manifest.dataset;
    const state = served.has(cid) ? `${asked} could not serve it` : 'nobody could be asked for its content';
    return [
      `  ${paint.yellow('!')} ${paint.bold(escapeText(titleOf(after.manifest)))}: ${escapeText(state)}${originsText(origins.get(cid))}; publish it before the merge, if you have not yet:`,
      `    ${publishCommand(path, 'FOLDER')}`,
    ];
  });
}

/** That a node answers proves nothing of the content; that none does says where a peer will not get it. */
function originsText(answers: OriginAnswers | undefined): string {
  if (answers === undefined || answers.answered.length + answers.silent.length === 0) return '';
  const { answered, silent } = answers;
  if (answered.length > 0) return `; a node answers at its origin ${escapeText(answered[0] ?? '')}`;
  return `; no node answers at ${silent.length === 1 ? 'its origin' : `any of its ${silent.length} origins, as`} ${escapeText(silent[0] ?? '')}`;
}
